package com.posthog.aigateway.cluster;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whose entries the cluster holds: how errands and values travel, and what errands meet.
///
/// @param number of the forms among all that travel, above 40; never used again for others
/// @param forms makes the empty ones
/// @param context on this member, beside the entries
/// @param rehearsals errands that are run once before this member is ready, at keys of no meaning which are emptied
///     after: the first run of an errand loads classes, and holds up who waits
public record Tenant(
        int number, DataSerializableFactory forms, Object context, List<Supplier<? extends Errand<?, ?>>> rehearsals) {

    private static final class NoForms implements DataSerializableFactory {
        @Override
        public @Nullable IdentifiedDataSerializable create(int kind) {
            return null;
        }
    }

    public Tenant {
        if (number <= Forms.NUMBER) {
            throw new IllegalArgumentException("the number of a tenant's forms must be above " + Forms.NUMBER);
        }
        rehearsals = List.copyOf(rehearsals);
    }

    /// Nobody's: no entries, questions only.
    public static Tenant nobody() {
        return new Tenant(Forms.NUMBER + 1, new NoForms(), new Object(), List.of());
    }
}
