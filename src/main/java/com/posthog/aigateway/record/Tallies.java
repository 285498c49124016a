package com.posthog.aigateway.record;

import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Tally;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.telemetry.Counter;
import com.posthog.aigateway.telemetry.Metrics;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Counts refusals: one tally for each credential, scope and minute. What is counted is on disk with the receipt, so
/// that memory only knows which tallies go on.
public final class Tallies {

    private static final Set<Reason> COUNTED = Set.of(
            Reason.BUDGET,
            Reason.RATE,
            Reason.CALL_TOO_DEAR,
            Reason.COST_UNBOUNDED,
            Reason.SWITCHED_OFF,
            Reason.RUNAWAY);

    /// In one minute. What is beyond is only in the metric, and in receipts.
    private static final int MOST = 500;

    /// More than can go on at a time, so that some of those that are told to a lane have ended.
    private static final int PAGE = 4 * MOST;

    private static final long MINUTE = 60_000;

    private record Key(String credential, String scope) {}

    /// @param onDisk true: who counts into it need not write what it says
    private record Begun(Tally tally, boolean onDisk) {}

    /// One minute's tallies, and how many refusals are just being written into them.
    private static final class Minute {
        private final long number;
        private final Map<Key, Begun> begun = new HashMap<>();
        private int writing;

        Minute(long number) {
            this.number = number;
        }
    }

    private final Journal journal;
    private final Clock clock;
    private final Counter uncounted;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Minute> ending = new HashSet<>();
    private Minute current = new Minute(0);

    public Tallies(Journal journal, Clock clock, Metrics metrics) {
        this.journal = journal;
        this.clock = clock;
        this.uncounted = metrics.counter(
                "aigw_denials_untold", "Calls refused by limits, budgets and breakers that no event will tell of");
    }

    static boolean count(Reason reason) {
        return COUNTED.contains(reason);
    }

    private record Place(Minute minute, Key key, Begun begun) {}

    /// Writes the receipt, and counts it. JournalFault: neither.
    void add(Receipt receipt, Refusal refusal) {
        var place = place(tally(receipt, refusal));
        if (place == null) {
            uncounted.add(1);
            journal.write(receipt, Content.NONE, false);
            return;
        }
        boolean written = false;
        try {
            var begun = place.begun();
            journal.refuse(receipt, begun.tally().id(), refusal.reason(), begun.onDisk() ? null : begun.tally());
            written = true;
        } finally {
            leave(place, written);
        }
    }

    /// Null where there are too many.
    private @Nullable Place place(Tally own) {
        var key = new Key(own.first().who().credential(), own.scope());
        lock.lock();
        try {
            turn();
            if (current.begun.size() >= MOST && !current.begun.containsKey(key)) {
                return null;
            }
            current.writing++;
            return new Place(current, key, current.begun.computeIfAbsent(key, _ -> new Begun(own, false)));
        } finally {
            lock.unlock();
        }
    }

    private void turn() {
        long now = clock.millis() / MINUTE;
        if (now != current.number) {
            if (current.writing > 0) {
                ending.add(current);
            }
            current = new Minute(now);
        }
    }

    private void leave(Place place, boolean written) {
        if (!written) {
            uncounted.add(1);
        }
        lock.lock();
        try {
            if (written) {
                place.minute().begun.put(place.key(), new Begun(place.begun().tally(), true));
            }
            if (--place.minute().writing == 0) {
                ending.remove(place.minute());
            }
        } finally {
            lock.unlock();
        }
    }

    private static String scope(Refusal refusal) {
        var limit = refusal.limit();
        if (limit != null) {
            return limit.account().scope().word();
        }
        return refusal.reason() == Reason.SWITCHED_OFF ? "switch" : "call";
    }

    private static Tally tally(Receipt receipt, Refusal refusal) {
        var scope = scope(refusal);
        var limit = refusal.limit();
        return limit == null
                ? new Tally(receipt.intent(), refusal.reason(), scope, null, null, null, null, null)
                : new Tally(
                        receipt.intent(),
                        refusal.reason(),
                        scope,
                        limit.account().id(),
                        limit.what(),
                        limit.limit(),
                        limit.used(),
                        limit.held());
    }

    /// Those that have ended and are not told yet, oldest first; not always all.
    List<Tally.Counted> ended() {
        lock.lock();
        try {
            turn();
            var goOn = Stream.concat(Stream.of(current), ending.stream())
                    .flatMap(minute -> minute.begun.values().stream())
                    .map(begun -> begun.tally().id())
                    .collect(Collectors.toSet());
            return journal.tallies().oldest(PAGE).stream()
                    .filter(counted -> !goOn.contains(counted.tally().id()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// The minute is taken to be over, as far as nobody is writing.
    void end() {
        lock.lock();
        try {
            if (current.writing > 0) {
                ending.add(current);
            }
            current = new Minute(current.number);
        } finally {
            lock.unlock();
        }
    }

    void told(List<Tally.Counted> tallies) {
        journal.tallies().told(tallies);
    }
}
