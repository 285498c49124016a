package com.posthog.aigateway.cluster;

import com.hazelcast.core.HazelcastInstance;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/// Where an errand or a question has come to.
///
/// @param context of the entries' owner
/// @param serves whether errands may be decided here now
record Place(Cluster cluster, Object context, Answers answers, BooleanSupplier serves) {

    /// Where a member keeps it.
    static final String KEY = Place.class.getName();

    static Place of(HazelcastInstance instance) {
        return (Place) Objects.requireNonNull(instance.getUserContext().get(KEY), "a member without a place");
    }
}
