package com.posthog.aigateway.admit;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.posthog.aigateway.cluster.Cluster;
import com.posthog.aigateway.cluster.Errand;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Takes one operation to its entry, and from there to the backups, which repeat what the owner has decided.
final class LedgerErrand extends Errand<LedgerErrand.Kept, LedgerErrand.Said> {

    /// What each data member knows of its own beside the entries.
    ///
    /// @param broken no law, outside of proofs
    /// @param chance numbers the placeholders
    /// @param checkpoints is told every change of a total, in whichever thread
    record Context(Set<Law> broken, RandomGenerator chance, Checkpoints checkpoints) {}

    /// An entry as the map keeps it.
    static final class Kept implements IdentifiedDataSerializable {
        private Entry entry;

        Kept(Entry entry) {
            this.entry = entry;
        }

        Entry entry() {
            return entry;
        }

        @Override
        public void writeData(ObjectDataOutput out) throws IOException {
            Codec.write(entry, out);
        }

        @Override
        public void readData(ObjectDataInput in) throws IOException {
            entry = Codec.entry(in);
        }

        @Override
        public int getFactoryId() {
            return LedgerForms.ID;
        }

        @Override
        public int getClassId() {
            return LedgerForms.KEPT;
        }
    }

    /// An answer on its way back.
    static final class Said implements IdentifiedDataSerializable {
        private Answer answer;

        Said(Answer answer) {
            this.answer = answer;
        }

        Answer answer() {
            return answer;
        }

        @Override
        public void writeData(ObjectDataOutput out) throws IOException {
            Codec.write(answer, out);
        }

        @Override
        public void readData(ObjectDataInput in) throws IOException {
            answer = Codec.answer(in);
        }

        @Override
        public int getFactoryId() {
            return LedgerForms.ID;
        }

        @Override
        public int getClassId() {
            return LedgerForms.SAID;
        }
    }

    private Operation operation;
    private @Nullable Answer decided;
    private long now;
    private boolean changed;

    /// To be decided by the entry's owner.
    LedgerErrand(Operation operation) {
        this(operation, null, 0);
    }

    private LedgerErrand(Operation operation, @Nullable Answer decided, long now) {
        this.operation = operation;
        this.decided = decided;
        this.now = now;
    }

    @Override
    protected Said process(Map.Entry<String, Kept> at, Cluster cluster, Object context) {
        var own = (Context) context;
        if (decided == null) {
            now = cluster.now();
        }
        var here = new Here(now, cluster.living(), own.broken());
        decided = act(at, here, decided, own.chance());
        var kept = at.getValue();
        if (changed && kept != null) {
            own.checkpoints().changed(at.getKey(), operation, kept.entry());
        }
        return new Said(decided);
    }

    private Answer act(Map.Entry<String, Kept> at, Here here, @Nullable Answer before, RandomGenerator chance) {
        var kept = at.getValue();
        if (kept == null) {
            // Drawn here, and not by the sender: a message that comes again must not make the same placeholder again.
            long number = before instanceof Answer.Missing missing ? missing.number() : chance.nextLong();
            kept = new Kept(Entry.placeholder(number));
            changed = true;
            at.setValue(kept);
            if (here.keeps(Law.ABSENT_IS_NOT_ZERO)) {
                return before == null ? new Answer.Missing(number) : before;
            }
            kept.entry().becomeReady();
        }
        var entry = kept.entry();
        if (!entry.isReady() && !(operation instanceof Create)) {
            return before == null ? new Answer.Missing(entry.number()) : before;
        }
        var answer = before == null ? operation.answer(entry, here) : before;
        if (operation.changes(answer)) {
            operation.change(entry, answer, here);
            changed = true;
            at.setValue(kept);
        }
        return answer;
    }

    @Override
    public @Nullable LedgerErrand getBackupProcessor() {
        return changed ? new LedgerErrand(operation, decided, now) : null;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        Codec.write(operation, out);
        out.writeLong(now);
        out.writeBoolean(decided != null);
        if (decided != null) {
            Codec.write(decided, out);
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        operation = Codec.operation(in);
        now = in.readLong();
        decided = in.readBoolean() ? Codec.answer(in) : null;
    }

    @Override
    public int getFactoryId() {
        return LedgerForms.ID;
    }

    @Override
    public int getClassId() {
        return LedgerForms.ERRAND;
    }
}
