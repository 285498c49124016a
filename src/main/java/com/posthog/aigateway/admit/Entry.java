package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Window;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All that the ledger knows of one root: of an organisation or a team with its products, models, users and
/// credentials, or of one cap that cuts across them. Changed by one [Operation] at a time.
///
/// The laws that it keeps are named in [Law] and told in `docs/ledger.md`.
final class Entry {

    /// Which attempts of an epoch are finished: those up to `upTo` that are not listed.
    record Progress(long upTo, Set<Long> open) {}

    /// A hold as it stands.
    static final class Hold {
        /// Of a grant that its process may have seen, and this entry has not: it counts in every window.
        static final long ANY_TIME = Long.MAX_VALUE;

        final int step;
        final long at;
        UUID owner;
        final Map<Account, Long> nanos;
        final List<Account> slots;
        final long tokens;

        /// False for one that came back with the entry, before a grant was seen: its rates are still to be
        /// taken.
        boolean rated = true;

        Hold(int step, long at, UUID owner, Map<Account, Long> nanos, List<Account> slots, long tokens) {
            this.step = step;
            this.at = at;
            this.owner = owner;
            this.nanos = nanos;
            this.slots = slots;
            this.tokens = tokens;
        }

        boolean counts(Window window, long now) {
            long index = window.grain().at(at).index();
            return at == ANY_TIME || (index >= window.oldest(now) && index <= window.last(now));
        }
    }

    private static final Progress NOTHING_FINISHED = new Progress(0, Set.of());

    private final long number;
    private boolean ready;
    private long clock;
    private final Map<Account, Sheet> sheets = new HashMap<>();
    private final Map<HoldId, Hold> holds = new LinkedHashMap<>();
    private final Map<Long, Progress> epochs = new HashMap<>();
    private final Set<Long> closed = new HashSet<>();

    private Entry(long number) {
        this.number = number;
    }

    /// What stands where an entry is missing, until the roster has been asked.
    static Entry placeholder(long number) {
        return new Entry(number);
    }

    /// Of the placeholder that it began as.
    long number() {
        return number;
    }

    boolean isReady() {
        return ready;
    }

    void becomeReady() {
        ready = true;
    }

    /// The entry's time never goes back, whoever decides.
    long now(long here) {
        return Math.max(clock, here);
    }

    void pass(long now) {
        clock = Math.max(clock, now);
    }

    long clock() {
        return clock;
    }

    @Nullable
    Sheet sheet(Account account) {
        return sheets.get(account);
    }

    Sheet sheetOf(Account account) {
        return sheets.computeIfAbsent(account, _ -> new Sheet());
    }

    Map<Account, Sheet> sheets() {
        return sheets;
    }

    Map<HoldId, Hold> holds() {
        return holds;
    }

    Map<Long, Progress> epochs() {
        return epochs;
    }

    Set<Long> closed() {
        return closed;
    }

    boolean isClosed(long epoch) {
        return closed.contains(epoch);
    }

    /// True for what must not be admitted any more: it is finished, or its epoch is closed.
    boolean isOver(HoldId id, boolean finishedStays) {
        var progress = epochs.getOrDefault(id.epoch(), NOTHING_FINISHED);
        boolean finished = id.seq() <= progress.upTo() && !progress.open().contains(id.seq());
        return isClosed(id.epoch()) || (finishedStays && finished);
    }

    /// Sets a hold, in the place of an earlier step of its own.
    void put(HoldId id, Hold hold) {
        drop(id);
        holds.put(id, hold);
        hold.nanos.forEach((account, nanos) -> sheetOf(account).held += nanos);
        hold.slots.forEach(account -> sheetOf(account).slots++);
    }

    /// Returns what was there.
    @Nullable
    Hold drop(HoldId id) {
        var hold = holds.remove(id);
        if (hold != null) {
            hold.nanos.forEach((account, nanos) -> sheetOf(account).held -= nanos);
            hold.slots.forEach(account -> sheetOf(account).slots--);
        }
        return hold;
    }

    /// Totals of one epoch. Later buckets than now are taken as they come: another clock may be ahead.
    void charge(long epoch, Collection<Total> totals, boolean maxima) {
        for (var total : totals) {
            if (total.bucket().index() < total.bucket().grain().oldest(clock)) {
                continue;
            }
            var counter = sheetOf(total.account()).counter(total.bucket());
            if (maxima) {
                counter.raise(epoch, total.nanos());
            } else {
                counter.add(epoch, total.nanos());
            }
        }
    }

    /// Learns from a statement which attempts of an epoch are finished, and drops their holds. The larger
    /// `upTo` wins, an attempt is finished once any statement says so, and so statements come in any order,
    /// and twice.
    void learn(long epoch, long upTo, Set<Long> open) {
        if (isClosed(epoch)) {
            return;
        }
        var known = epochs.getOrDefault(epoch, NOTHING_FINISHED);
        var stillOpen = new HashSet<Long>();
        for (var seq : known.open()) {
            if (seq > upTo || open.contains(seq)) {
                stillOpen.add(seq);
            }
        }
        for (var seq : open) {
            if (seq > known.upTo()) {
                stillOpen.add(seq);
            }
        }
        epochs.put(epoch, new Progress(Math.max(upTo, known.upTo()), Set.copyOf(stillOpen)));
        dropIf(id -> id.epoch() == epoch && isOver(id, true));
    }

    /// No attempt of this epoch is open any more, and none is admitted, for ever.
    void close(long epoch) {
        closed.add(epoch);
        epochs.remove(epoch);
        dropIf(id -> id.epoch() == epoch);
    }

    private void dropIf(Predicate<HoldId> finished) {
        var ids = new ArrayList<HoldId>();
        for (var id : holds.keySet()) {
            if (finished.test(id)) {
                ids.add(id);
            }
        }
        ids.forEach(this::drop);
    }

    /// An epoch's attempts run on this member now.
    void own(long epoch, UUID owner) {
        holds.forEach((id, hold) -> {
            if (id.epoch() == epoch) {
                hold.owner = owner;
            }
        });
    }

    /// Holds of an account that count in the window, less one.
    long held(Account account, Window window, long now, HoldId own) {
        long sum = 0;
        for (var entry : holds.entrySet()) {
            var hold = entry.getValue();
            if (!entry.getKey().equals(own) && hold.counts(window, now)) {
                sum += hold.nanos.getOrDefault(account, 0L);
            }
        }
        return sum;
    }

    /// Places of an account that are taken by attempts of living processes, less one.
    int slots(Account account, Set<UUID> living, HoldId own) {
        int count = 0;
        for (var entry : holds.entrySet()) {
            var hold = entry.getValue();
            if (!entry.getKey().equals(own) && living.contains(hold.owner) && hold.slots.contains(account)) {
                count++;
            }
        }
        return count;
    }

    /// Forgets what no window, hold or limit needs.
    void prune() {
        sheets.values().removeIf(sheet -> sheet.prune(clock));
    }
}
