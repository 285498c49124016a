package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Bucket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A process with its journal, as far as one root of the ledger is concerned.
final class HistoryReplica {

    /// Where money is charged.
    record Line(Account account, Bucket bucket) {}

    /// One start of the process, or what followed when its epoch was closed by an operator.
    static final class Epoch {
        final long id;
        final HistoryReplica replica;
        final int process;

        /// What its receipts add up to, also where the journal was lost since.
        final Map<Line, Long> charged = new HashMap<>();

        long lastSeq;
        boolean inJournal = true;
        boolean registered;
        boolean left;
        boolean forgotten;
        boolean changed;
        int stated;
        int acknowledged;
        boolean closeAcknowledged;
        boolean forgetAcknowledged;

        Epoch(long id, HistoryReplica replica) {
            this.id = id;
            this.replica = replica;
            this.process = replica.process;
        }

        boolean isCurrent() {
            return replica.epoch == this;
        }

        List<Total> totals() {
            return HistoryReplica.totals(charged);
        }

        @Override
        public String toString() {
            return "epoch " + id;
        }
    }

    final int number;
    final boolean holdsData;
    final List<Epoch> epochs = new ArrayList<>();
    final Map<Long, Map<Line, Long>> checkpoint = new HashMap<>();

    @Nullable
    Epoch epoch;

    int process;
    boolean up;
    boolean leaving;
    boolean journalLost;
    UUID member = new UUID(0, 0);

    HistoryReplica(int number, boolean holdsData) {
        this.number = number;
        this.holdsData = holdsData;
    }

    Epoch current() {
        var current = epoch;
        if (current == null) {
            throw new IllegalStateException("replica " + number + " never started");
        }
        return current;
    }

    void note(long ofEpoch, Line line, long nanos) {
        checkpoint.computeIfAbsent(ofEpoch, _ -> new HashMap<>()).merge(line, nanos, Math::max);
    }

    long noted(long ofEpoch, Line line) {
        return checkpoint.getOrDefault(ofEpoch, Map.of()).getOrDefault(line, 0L);
    }

    static List<Total> totals(Map<Line, Long> charged) {
        var totals = new ArrayList<Total>(charged.size());
        charged.forEach((line, nanos) -> totals.add(new Total(line.account(), line.bucket(), nanos)));
        return totals;
    }

    @Override
    public String toString() {
        return "replica " + number;
    }
}
