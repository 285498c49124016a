package com.posthog.aigateway.cluster;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.posthog.aigateway.cluster.Errand.Nothing;

/// Makes the empty forms that what travels between members is read into. A number is never used again for another.
final class Forms implements DataSerializableFactory {

    static final int NUMBER = 40;
    static final int QUESTION = 1;
    static final int TRIP = 2;

    @Override
    public IdentifiedDataSerializable create(int kind) {
        return switch (kind) {
            case QUESTION -> new Question("", new byte[0]);
            case TRIP -> new Trip<>(new Nothing(), false);
            default -> throw new IllegalArgumentException("no form " + kind);
        };
    }
}
