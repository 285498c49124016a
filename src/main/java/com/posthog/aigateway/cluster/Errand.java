package com.posthog.aigateway.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is done at one entry, on the member that holds it and on its backups. Its fields are what travels.
///
/// @param <V> the entry's value
/// @param <A> what comes back
public abstract class Errand<V, A> implements EntryProcessor<String, V, A>, IdentifiedDataSerializable {

    private transient @Nullable Place place;

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

    /// Does it, here.
    ///
    /// @param context what the owner of the entries gave to the cluster at start, on each member its own
    protected abstract A process(Map.Entry<String, V> entry, Cluster cluster, Object context);

    /// The same change for the backups, after [#process] has run; null where nothing was changed.
    @Override
    public abstract @Nullable Errand<V, A> getBackupProcessor();

    /// Before the real one is read.
    static final class Nothing extends Errand<Object, Object> {
        @Override
        protected Object process(Map.Entry<String, Object> entry, Cluster cluster, Object context) {
            throw new IllegalStateException("this errand was never read");
        }

        @Override
        public @Nullable Errand<Object, Object> getBackupProcessor() {
            return null;
        }

        @Override
        public void writeData(ObjectDataOutput out) {}

        @Override
        public void readData(ObjectDataInput in) {}

        @Override
        public int getFactoryId() {
            return 0;
        }

        @Override
        public int getClassId() {
            return 0;
        }
    }
}
