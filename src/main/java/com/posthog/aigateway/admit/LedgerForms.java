package com.posthog.aigateway.admit;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/// Makes the empty forms that what travels is read into. Its numbers are never used again for another thing.
public final class LedgerForms implements DataSerializableFactory {

    public static final int ID = 41;

    static final int ERRAND = 1;
    static final int KEPT = 2;
    static final int SAID = 3;

    private static final Operation NOTHING = new Look(java.util.List.of());

    @Override
    public IdentifiedDataSerializable create(int typeId) {
        return switch (typeId) {
            case ERRAND -> new LedgerErrand(NOTHING);
            case KEPT -> new LedgerErrand.Kept(Entry.placeholder(0));
            case SAID -> new LedgerErrand.Said(new Answer.Done());
            default -> throw new IllegalArgumentException("no form " + typeId);
        };
    }
}
