package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Bucket;
import com.posthog.aigateway.call.Charge;
import com.posthog.aigateway.journal.JournalFault;
import com.posthog.aigateway.journal.LedgerRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a data member hears of the totals of all epochs, on its own disk once a second: so a budget survives
/// the loss of any other journal, and a full stop.
final class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    private record Key(String root, long epoch, Total total) {
        Key(String root, long epoch, Total total) {
            this.root = root;
            this.epoch = epoch;
            this.total = new Total(total.account(), total.bucket(), 0);
        }
    }

    private final LedgerRows rows;
    private final boolean kept;
    private final Map<Key, Long> unwritten = new ConcurrentHashMap<>();

    /// @param kept false where this process's own journal knows all totals there are
    Checkpoints(LedgerRows rows, boolean kept) {
        this.rows = rows;
        this.kept = kept;
    }

    /// An entry has changed here, where it is owned or backed up.
    void changed(String root, Operation operation, Entry entry) {
        if (!kept) {
            return;
        }
        switch (operation) {
            case Settle settle -> note(root, settle.epoch(), settle.totals());
            case Statement statement -> note(root, statement.epoch(), statement.totals());
            case Create create -> {
                create.statements().forEach(statement -> note(root, statement.epoch(), statement.totals()));
                create.checkpoints().forEach((epoch, totals) -> note(root, epoch, totals));
            }
            case Recount _ -> note(root, entry);
            case Enter _, Look _, Describe _ -> {}
        }
    }

    private void note(String root, Entry entry) {
        entry.sheets()
                .forEach((account, sheet) -> sheet.charged()
                        .forEach((grain, counters) -> counters.forEach((index, counter) -> {
                            for (int i = 0; i < counter.size(); i++) {
                                var total = new Total(account, new Bucket(grain, index), counter.charged(i));
                                note(root, counter.epoch(i), List.of(total));
                            }
                        })));
    }

    private void note(String root, long epoch, List<Total> totals) {
        totals.forEach(total -> unwritten.merge(new Key(root, epoch, total), total.nanos(), Math::max));
    }

    /// Writes what has changed since the last time.
    void write() {
        var charges = new ArrayList<Charge>();
        for (var key : Set.copyOf(unwritten.keySet())) {
            var nanos = unwritten.remove(key);
            if (nanos != null) {
                charges.add(new Charge(
                        key.root(),
                        key.epoch(),
                        key.total().account(),
                        key.total().bucket(),
                        nanos));
            }
        }
        try {
            if (!charges.isEmpty()) {
                rows.checkpoint(charges);
            }
        } catch (JournalFault fault) {
            LOG.error("totals of {} accounts are not on disk yet: {}", charges.size(), fault.getMessage());
            charges.forEach(charge -> note(
                    charge.root(),
                    charge.epoch(),
                    List.of(new Total(charge.account(), charge.bucket(), charge.nanos()))));
        }
    }
}
