package com.posthog.aigateway.runaway;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How fast one credential spends, in nano-dollars: second by second in the last minute, and how much it usually spends
/// in a minute. Only minutes with spend count for that, so that a night without calls does not make the morning odd.
final class Pace {

    /// Faster than it may.
    ///
    /// @param spent a minute
    /// @param limit of it
    /// @param usual in a minute; null: a limit that does not depend on it
    record Excess(long spent, long limit, @Nullable Long usual) {}

    private static final int MINUTE = 60;

    /// Sudden spend shows in so many seconds: long before a minute is over.
    private static final int SUDDEN = 10;

    /// What is spent in bursts fills a whole minute in so few seconds, which is no sign of anything. Five halves of a
    /// usual minute in one are.
    private static final long LEAST_HALVES = 5;

    /// Minutes with spend before there is a usual one.
    private static final int HISTORY = 10;

    /// After so many minutes the older ones count for less and less.
    private static final int MEMORY = 30;

    /// Of what calls cost beside their estimates, so many are remembered.
    private static final long CALLS = 64;

    private static final long WHOLE = 1_000;

    private final long[] seconds = new long[MINUTE];
    private long newest;
    private long minute;
    private long usual;
    private int history;
    private int generation;
    private long estimated;
    private long known;
    private long costPerMille = WHOLE;

    /// What a call with such an estimate is expected to cost, by what the last ones cost.
    long expected(long estimate) {
        return estimate * costPerMille / WHOLE;
    }

    void spend(long nanos, long now) {
        turn(now);
        seconds[place(newest)] += nanos;
        minute += nanos;
    }

    /// What was spent at that second was so much more, or less. More than is known only after a minute counts now.
    void correct(long more, long second, long now) {
        turn(now);
        if (second > newest - MINUTE && second <= newest) {
            seconds[place(second)] += more;
        } else if (more > 0) {
            seconds[place(newest)] += more;
        }
        if (second / MINUTE >= newest / MINUTE || history == 0) {
            minute += more;
        } else {
            usual = Math.max(0, usual + more / Math.min(history, MEMORY));
        }
    }

    /// An estimate is far off where most of what is read comes from a cache, or answers are long.
    void learn(long estimate, long cost) {
        if (estimate > 0 && cost > 0) {
            estimated += estimate - estimated / CALLS;
            known += cost - known / CALLS;
            costPerMille = Math.clamp(known * WHOLE / Math.max(1, estimated), 1, 10 * WHOLE);
        }
    }

    /// A clock that was set back counts into the newest second.
    private void turn(long now) {
        if (now / MINUTE > newest / MINUTE) {
            learn();
        }
        for (long at = Math.max(newest + 1, now - MINUTE + 1); at <= now; at++) {
            seconds[place(at)] = 0;
        }
        newest = Math.max(newest, now);
    }

    private void learn() {
        if (minute > 0) {
            history++;
            usual += (minute - usual) / Math.min(history, MEMORY);
        }
        minute = 0;
    }

    private static int place(long second) {
        return Math.floorMod(second, MINUTE);
    }

    /// Null as long as it is not too fast.
    @Nullable
    Excess excess(Policy.Speed speed) {
        long inMinute = Math.max(0, Arrays.stream(seconds).sum());
        if (inMinute > speed.limit()) {
            return new Excess(inMinute, speed.limit(), null);
        }
        if (history < HISTORY || inMinute < speed.least()) {
            return null;
        }
        long suddenly = 0;
        for (long at = newest - SUDDEN + 1; at <= newest; at++) {
            suddenly += seconds[place(at)];
        }
        long rate = suddenly * (MINUTE / SUDDEN);
        boolean sudden = rate / speed.times() > usual;
        boolean much = 2 * inMinute > Math.min(LEAST_HALVES, 2 * speed.times()) * usual;
        return sudden && much ? new Excess(rate, speed.times() * usual, usual) : null;
    }

    /// Counts from zero again; what is told of earlier calls does not count any more.
    ///
    /// @param relearn true: what was usual is forgotten too
    void clear(boolean relearn) {
        Arrays.fill(seconds, 0);
        minute = 0;
        generation++;
        if (relearn) {
            usual = 0;
            history = 0;
        }
    }

    /// Grows each time that counting begins from zero.
    int generation() {
        return generation;
    }
}
