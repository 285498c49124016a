package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Bucket;
import com.posthog.aigateway.call.Charge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What this process knows of its own attempts and charges in one root, in its current epoch.
///
/// An attempt is noted as open before its admit is sent, and until its settle was acknowledged.
final class Book {

    private static final Duration FOR_ANSWERS = Duration.ofMillis(300);

    private record Line(Account account, Bucket bucket) {}

    private final String root;
    private final long epoch;
    private long seq;
    private final Map<Long, Open> open = new TreeMap<>();
    private final Map<Line, Long> totals = new HashMap<>();
    private final Map<Long, Settle.Ended> ended = new TreeMap<>();
    private final Set<Line> unsaid = new HashSet<>();
    private final Map<Long, Long> onTheWay = new HashMap<>();
    private long sent;
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

    /// A later step of an attempt is about to be asked for: other amounts, until they are refused.
    synchronized void resize(HoldId id, int step, Map<Account, Long> nanos) {
        open.computeIfPresent(id.seq(), (_, it) -> it.resized(step, nanos));
        changed = true;
    }

    synchronized void granted(HoldId id, long at) {
        open.computeIfPresent(id.seq(), (_, it) -> it.granted(at));
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
    synchronized boolean end(HoldId id, List<Charge> charges, Settle.Ended how) {
        for (var charge : charges) {
            var line = new Line(charge.account(), charge.bucket());
            totals.merge(line, charge.nanos(), Math::addExact);
            unsaid.add(line);
        }
        ended.put(id.seq(), how);
        changed = true;
        boolean first = !settling;
        settling = true;
        return first;
    }

    /// All that has ended and is not acknowledged; null when there is nothing, and then nobody settles any
    /// more.
    synchronized @Nullable Settle settle() {
        if (ended.isEmpty() && unsaid.isEmpty()) {
            settling = false;
            return null;
        }
        var lines = unsaid.stream()
                .map(line -> new Total(line.account(), line.bucket(), totals.getOrDefault(line, 0L)))
                .toList();
        return new Settle(epoch, new ArrayList<>(ended.values()), lines);
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
    synchronized @Nullable Statement news(UUID owner) {
        if (!changed) {
            return null;
        }
        changed = false;
        return new Statement(epoch, owner, seq, opened(owner, _ -> true), List.of(), false);
    }

    /// The last statement was not acknowledged.
    synchronized void unheard() {
        changed = true;
    }

    /// Everything, for one who asks because the entry is missing. An attempt that was not granted, and of
    /// which no answer is on its way, holds nothing: it asks again.
    synchronized Statement all(UUID owner) {
        var late = awaitAnswers();
        var all = totals.entrySet().stream()
                .map(it -> new Total(it.getKey().account(), it.getKey().bucket(), it.getValue()))
                .toList();
        var opened = opened(owner, it -> it.at() != 0 || late.contains(it.seq()));
        return new Statement(epoch, owner, seq, opened, all, false);
    }

    private List<Open> opened(UUID owner, Predicate<Open> held) {
        return open.values().stream().map(it -> it.told(owner, held.test(it))).toList();
    }

    /// An admit is about to be sent; its answer is on its way until [#returned].
    synchronized void sending(HoldId id) {
        sent++;
        onTheWay.put(id.seq(), sent);
    }

    synchronized void returned(HoldId id) {
        onTheWay.remove(id.seq());
        notifyAll();
    }

    /// Waits for the answers that are on their way, and not for those that are sent from now on. Returns the
    /// attempts whose answer has not come: a grant may be among them.
    private Set<Long> awaitAnswers() {
        var before = new HashMap<>(onTheWay);
        long deadline = System.nanoTime() + FOR_ANSWERS.toNanos();
        while (true) {
            before.entrySet().removeIf(it -> !it.getValue().equals(onTheWay.get(it.getKey())));
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (before.isEmpty() || left <= 0) {
                return before.keySet();
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return before.keySet();
            }
        }
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
