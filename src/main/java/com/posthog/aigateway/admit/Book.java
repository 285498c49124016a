package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Bucket;
import com.posthog.aigateway.call.Charge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What this process knows of its own attempts and charges in one root, in its current epoch.
///
/// An attempt is noted as open before its admit is sent, and until its settle was acknowledged.
final class Book {

    private record Line(Account account, Bucket bucket) {}

    private final String root;
    private final long epoch;
    private long seq;
    private final Map<Long, Open> open = new TreeMap<>();
    private final Map<Line, Long> totals = new HashMap<>();
    private final Map<Long, Settle.Ended> ended = new TreeMap<>();
    private final Set<Line> unsaid = new HashSet<>();
    private boolean changed;
    private boolean settling;

    Book(String root, long epoch) {
        this.root = root;
        this.epoch = epoch;
    }

    String root() {
        return root;
    }

    long epoch() {
        return epoch;
    }

    /// The name of a new attempt, which is open from now on.
    synchronized HoldId begin(UUID owner, Map<Account, Long> nanos, List<Account> slots, long tokens) {
        seq++;
        open.put(seq, new Open(seq, 1, 0, owner, nanos, slots, tokens));
        changed = true;
        return new HoldId(epoch, seq);
    }

    /// A later step of an attempt is about to be asked for: larger amounts, until they are refused.
    synchronized void grow(HoldId id, int step, Map<Account, Long> nanos) {
        open.computeIfPresent(
                id.seq(), (_, it) -> new Open(it.seq(), step, it.at(), it.owner(), nanos, it.slots(), it.tokens()));
        changed = true;
    }

    synchronized void granted(HoldId id, long at) {
        open.computeIfPresent(
                id.seq(),
                (_, it) -> new Open(it.seq(), it.step(), at, it.owner(), it.nanos(), it.slots(), it.tokens()));
    }

    /// When it was first granted; 0 where that was not seen.
    synchronized long at(HoldId id) {
        var it = open.get(id.seq());
        return it == null ? 0 : it.at();
    }

    /// Nothing was taken, and nothing will be: the next statement says that the attempt is finished.
    synchronized void refused(HoldId id) {
        open.remove(id.seq());
        changed = true;
    }

    /// The attempt has ended, with charges that are on disk. Returns true when somebody has to send the settle.
    synchronized boolean end(HoldId id, List<Charge> charges, Settle.Ended how, boolean heldUntilAcknowledged) {
        for (var charge : charges) {
            var line = new Line(charge.account(), charge.bucket());
            totals.merge(line, charge.nanos(), Math::addExact);
            unsaid.add(line);
        }
        ended.put(id.seq(), how);
        if (!heldUntilAcknowledged) {
            open.remove(id.seq());
        }
        changed = true;
        boolean first = !settling;
        settling = true;
        return first;
    }

    /// All that has ended and is not acknowledged; null when there is nothing, and then nobody settles any
    /// more.
    synchronized @Nullable Settle settle(long number) {
        if (ended.isEmpty() && unsaid.isEmpty()) {
            settling = false;
            return null;
        }
        var lines = unsaid.stream()
                .map(line -> new Total(line.account(), line.bucket(), totals.getOrDefault(line, 0L)))
                .toList();
        return new Settle(number, epoch, new ArrayList<>(ended.values()), lines);
    }

    /// The entry has taken it, on all its members.
    synchronized void acknowledged(Settle settle) {
        for (var one : settle.done()) {
            ended.remove(one.seq());
            open.remove(one.seq());
        }
        for (var total : settle.totals()) {
            var line = new Line(total.account(), total.bucket());
            if (totals.getOrDefault(line, 0L) == total.nanos()) {
                unsaid.remove(line);
            }
        }
        changed = true;
    }

    /// What is to be said from time to time; null when nothing has changed since.
    synchronized @Nullable Statement news(long number, UUID owner) {
        if (!changed) {
            return null;
        }
        changed = false;
        return new Statement(number, epoch, owner, seq, opened(owner), List.of(), false);
    }

    /// The last statement was not acknowledged.
    synchronized void unheard() {
        changed = true;
    }

    /// Everything, for one who asks.
    ///
    /// @param closed these are the last words: nothing is open any more
    synchronized Statement all(long number, UUID owner, boolean closed) {
        var all = totals.entrySet().stream()
                .map(it -> new Total(it.getKey().account(), it.getKey().bucket(), it.getValue()))
                .toList();
        return new Statement(number, epoch, owner, seq, opened(owner), all, closed);
    }

    private List<Open> opened(UUID owner) {
        return open.values().stream()
                .map(it -> new Open(it.seq(), it.step(), it.at(), owner, it.nanos(), it.slots(), it.tokens()))
                .toList();
    }

    synchronized boolean isQuiet() {
        return open.isEmpty() && ended.isEmpty() && unsaid.isEmpty();
    }

    synchronized int openCount() {
        return open.size();
    }

    /// Forgets the buckets that no window touches any more.
    synchronized void prune(long now) {
        totals.keySet()
                .removeIf(line -> line.bucket().index() < line.bucket().grain().oldest(now) && !unsaid.contains(line));
    }
}
