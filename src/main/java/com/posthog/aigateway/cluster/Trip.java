package com.posthog.aigateway.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.exception.RetryableHazelcastException;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Carries an errand to the members that it is for. A member that may not decide sends it away, before anything is
/// touched; a backup only repeats what was decided, and always lets it in.
final class Trip<V, A> implements EntryProcessor<String, V, A>, IdentifiedDataSerializable, HazelcastInstanceAware {

    private static final byte VERSION = 1;

    private Errand<V, A> errand;
    private boolean decides;
    private transient @Nullable Place place;

    Trip(Errand<V, A> errand, boolean decides) {
        this.errand = errand;
        this.decides = decides;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        place = Place.of(instance);
    }

    @Override
    public A process(Map.Entry<String, V> entry) {
        var here = Objects.requireNonNull(place, "not arrived");
        if (decides && !here.serves().getAsBoolean()) {
            throw new RetryableHazelcastException("this member does not decide now");
        }
        errand.arrive(here);
        return errand.process(entry);
    }

    @Override
    public @Nullable Trip<V, A> getBackupProcessor() {
        var backup = errand.getBackupProcessor();
        return backup == null ? null : new Trip<>(backup, false);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeBoolean(decides);
        out.writeObject(errand);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        checkVersion(in.readByte(), VERSION);
        decides = in.readBoolean();
        Errand<V, A> carried = in.readObject();
        errand = Objects.requireNonNull(carried, "a trip without an errand");
    }

    static void checkVersion(byte found, byte known) throws IOException {
        if (found != known) {
            throw new IOException("this member reads version " + known + ", not " + found);
        }
    }

    @Override
    public int getFactoryId() {
        return Forms.NUMBER;
    }

    @Override
    public int getClassId() {
        return Forms.TRIP;
    }
}
