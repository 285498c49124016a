package com.posthog.aigateway.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Adds to a number, once for each id; refuses to go below zero; removes an entry that is set to zero.
final class Add extends Errand<Long, String> {

    /// Notes who did what, on each member.
    static final class Notes {
        final Queue<String> decided = new ConcurrentLinkedQueue<>();
        final Queue<String> repeated = new ConcurrentLinkedQueue<>();
    }

    static final class AddForms implements DataSerializableFactory {
        @Override
        public IdentifiedDataSerializable create(int kind) {
            return new Add(0);
        }
    }

    private static final int NUMBER = 99;

    private long amount;
    private boolean repeats;
    private long now;

    Add(long amount) {
        this.amount = amount;
    }

    static Tenant tenant(Notes notes) {
        return new Tenant(NUMBER, new AddForms(), notes, List.of(() -> new Add(1)));
    }

    @Override
    protected String process(Map.Entry<String, Long> entry, Cluster cluster, Object context) {
        var notes = (Notes) context;
        if (!repeats) {
            now = cluster.now();
        }
        long before = entry.getValue() == null ? 0 : entry.getValue();
        if (before + amount < 0) {
            var fault = new IllegalArgumentException(
                    "below zero: " + (before + amount), new IOException("deep", new NoSuchElementException("deeper")));
            fault.addSuppressed(new IllegalStateException("aside"));
            throw fault;
        }
        if (before + amount == 0) {
            remove(entry);
        } else {
            entry.setValue(before + amount);
        }
        (repeats ? notes.repeated : notes.decided).add(entry.getKey() + "=" + (before + amount) + "@" + now);
        return Long.toString(before + amount);
    }

    @SuppressWarnings("NullAway") // As Hazelcast says: null removes.
    private static void remove(Map.Entry<String, Long> entry) {
        entry.setValue(null);
    }

    @Override
    public @Nullable Errand<Long, String> getBackupProcessor() {
        var backup = new Add(amount);
        backup.repeats = true;
        backup.now = now;
        return backup;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeLong(amount);
        out.writeBoolean(repeats);
        out.writeLong(now);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        amount = in.readLong();
        repeats = in.readBoolean();
        now = in.readLong();
    }

    @Override
    public int getFactoryId() {
        return NUMBER;
    }

    @Override
    public int getClassId() {
        return 1;
    }
}
