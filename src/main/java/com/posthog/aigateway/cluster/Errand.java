package com.posthog.aigateway.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is done at one entry, on the member that holds it and on its backups. Its fields are what travels.
///
/// @param <V> the entry's value
/// @param <A> what comes back
public abstract class Errand<V, A> implements EntryProcessor<String, V, A>, IdentifiedDataSerializable, HazelcastInstanceAware {

    /// Where a member keeps itself and its context for the errands that come.
    static final String PLACE = Errand.class.getName();

    /// Who is here.
    ///
    /// @param context what the owner of the entries gave to the cluster at start, on each member its own
    record Place(Cluster cluster, Object context) {}

    private transient @Nullable Place place;

    @Override
    public final void setHazelcastInstance(HazelcastInstance instance) {
        arrive((Place) instance.getUserContext().get(PLACE));
    }

    final void arrive(Place place) {
        this.place = place;
    }

    @Override
    public final A process(Map.Entry<String, V> entry) {
        if (place == null) {
            throw new IllegalStateException("the errand has not arrived yet");
        }
        return process(entry, place.cluster(), place.context());
    }

    protected abstract A process(Map.Entry<String, V> entry, Cluster cluster, Object context);

    /// The same change for the backups, after [#process] has run; null where nothing was changed.
    @Override
    public abstract @Nullable Errand<V, A> getBackupProcessor();
}
