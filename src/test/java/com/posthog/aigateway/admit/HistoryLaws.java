package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Bucket;

/// What must hold of a world, after each event and at rest. The names are those of the model.
final class HistoryLaws {

    /// A law does not hold.
    static final class Violation extends RuntimeException {
        Violation(String message) {
            super(message);
        }
    }

    private final HistoryWorld world;
    private int denials;

    HistoryLaws(HistoryWorld world) {
        this.world = world;
    }

    /// S1: what providers really bill in any window is never above an enforced cap, while no journal was given up.
    void bills() {
        if (!world.clean) {
            return;
        }
        for (var call : world.calls) {
            for (var claim : call.claims) {
                for (var cap : claim.caps()) {
                    if (call.bill > 0 && cap.mode() == Mode.ENFORCE) {
                        bills(call, claim.account(), cap);
                    }
                }
            }
        }
    }

    /// In the window that ends with the bucket of this call.
    private void bills(HistoryCall last, Account account, Cap cap) {
        long first = cap.window().oldest(last.at);
        long end = cap.window().grain().at(last.at).index();
        long sum = 0;
        for (var call : world.calls) {
            long index = cap.window().grain().at(call.at).index();
            if (call.bill > 0 && index >= first && index <= end && asks(call, account)) {
                sum += call.bill;
            }
        }
        if (sum > cap.nanos()) {
            throw new Violation("S1: " + account + " has bills of " + sum + " above " + cap.nanos() + " in "
                    + cap.window() + " up to " + last);
        }
    }

    private static boolean asks(HistoryCall call, Account account) {
        for (var claim : call.claims) {
            if (claim.account().equals(account)) {
                return true;
            }
        }
        return false;
    }

    /// S2: the entry never knows more than the journals. And who is denied leaves nothing.
    void entry(Answer answer) {
        var entry = world.grid.ready();
        if (entry == null) {
            return;
        }
        if (answer instanceof Answer.Denied && denials++ % 4 == 0 && world.grid.differs()) {
            throw new Violation("denied, and left something:\n" + world.grid.dump());
        }
        entry.sheets()
                .forEach((account, sheet) -> sheet.charged()
                        .forEach((grain, counters) -> counters.forEach((index, counter) -> {
                            for (int i = 0; i < counter.size(); i++) {
                                var line = new HistoryReplica.Line(account, new Bucket(grain, index));
                                long truth = world.epochs
                                        .get((int) counter.epoch(i) - 1)
                                        .charged
                                        .getOrDefault(line, 0L);
                                if (counter.charged(i) > truth) {
                                    throw new Violation("S2: the entry has " + counter.charged(i) + " of epoch "
                                            + counter.epoch(i) + " in " + line + ", the journals " + truth);
                                }
                            }
                        })));
    }

    /// S3: nothing is held. Only holds of epochs whose journal never comes back may stay.
    void rest() {
        var entry = world.grid.ready();
        if (entry != null) {
            for (var id : entry.holds().keySet()) {
                var epoch = world.epochs.get((int) id.epoch() - 1);
                if (epoch.inJournal || !HistoryWorld.isOnRoster(epoch)) {
                    throw new Violation("S3: at rest " + id + " is held");
                }
            }
            if (entry.holds().isEmpty()) {
                entry.sheets().forEach((account, sheet) -> {
                    if (sheet.held != 0 || sheet.slots != 0) {
                        throw new Violation("S3: at rest " + account + " has " + sheet.held + " held in " + sheet.slots
                                + " places by nobody");
                    }
                });
            }
        }
        if (world.grid.differs()) {
            throw new Violation("primary and backup differ:\n" + world.grid.dump());
        }
    }

    /// S2q: the entry knows all that the journals do, and all that was confirmed before a journal was lost.
    void totals() {
        var entry = world.grid.ready();
        if (entry == null || !world.clean) {
            return;
        }
        for (var epoch : world.epochs) {
            if (!epoch.inJournal && !epoch.left) {
                continue;
            }
            epoch.charged.forEach((line, nanos) -> {
                long known = known(entry, epoch.id, line);
                if (known != nanos && !world.isPast(line.bucket())) {
                    throw new Violation("S2q: at rest the entry has " + known + " of " + epoch + " in " + line
                            + ", the journals " + nanos);
                }
            });
        }
    }

    private static long known(Entry entry, long epoch, HistoryReplica.Line line) {
        var sheet = entry.sheet(line.account());
        if (sheet != null) {
            var counter =
                    sheet.counters(line.bucket().grain()).get(line.bucket().index());
            for (int i = 0; counter != null && i < counter.size(); i++) {
                if (counter.epoch(i) == epoch) {
                    return counter.charged(i);
                }
            }
        }
        return 0;
    }

    /// S4: exactly one receipt of each call that was granted, none of others, and no bill above it.
    void receipts() {
        for (var call : world.calls) {
            int expected = call.intended ? 1 : 0;
            boolean lost = !call.epoch.inJournal && call.receipts == 0;
            if (call.receipts != expected && !lost) {
                throw new Violation("S4: " + call + " has " + call.receipts + " receipts instead of " + expected);
            }
            if (call.receipts > 0 && call.bill > call.receipt) {
                throw new Violation("S4: " + call + " is billed " + call.bill + ", its receipt says " + call.receipt);
            }
        }
    }
}
