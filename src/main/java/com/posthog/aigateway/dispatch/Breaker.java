package com.posthog.aigateway.dispatch;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Keeps calls away from a target that fails too often: closed, then open for a time, then open but for one
/// probe, on which it depends what follows. It opens by the rate of failures; where nothing but failures come it
/// does not wait for a rate, as each of them costs one of the few second attempts there are. Times are milliseconds
/// since 1970.
final class Breaker {

    enum State {
        CLOSED,
        HALF_OPEN,
        OPEN;

        /// As in the metric.
        int number() {
            return switch (this) {
                case CLOSED -> 0;
                case HALF_OPEN -> 1;
                case OPEN -> 2;
            };
        }
    }

    /// The right to ask the target once. It ends once; what is told later is not heard.
    final class Permit implements AutoCloseable {
        private final boolean probe;
        private final int era;
        private boolean over;

        private Permit(boolean probe, int era) {
            this.probe = probe;
            this.era = era;
        }

        void succeeded(long now) {
            end(this, now, true);
        }

        void failed(long now) {
            end(this, now, false);
        }

        /// Neither: the next call may probe.
        @Override
        public void close() {
            release(this);
        }
    }

    private static final int SLOTS = 10;
    private static final Duration SLOT = Duration.ofSeconds(3);
    private static final Duration OPEN_FOR = Duration.ofSeconds(10);
    private static final int LEAST_CALLS = 20;

    /// The retry budget covers a tenth of all calls; what fails more often than this must not come to need it.
    private static final double MOST_FAILURES = 0.25;

    /// One after another. A provider that is down takes the second attempts of as many calls, and no more.
    private static final int LONGEST_RUN = 5;

    /// Of all models of an account together: then one failure of a model is enough.
    private static final int LONGEST_RUN_OF_ACCOUNT = 10;

    private final int[] calls = new int[SLOTS];
    private final int[] failures = new int[SLOTS];
    private final AtomicInteger runOfAccount;
    private int run;
    private State state = State.CLOSED;
    private long slot;
    private long openUntil;
    private int era;

    /// @param runOfAccount failures one after another, of all models of the account
    Breaker(AtomicInteger runOfAccount) {
        this.runOfAccount = runOfAccount;
    }

    /// Whether a call would be let through now.
    ///
    /// @param mayProbe false where the call could not go on elsewhere if it failed
    synchronized boolean admits(long now, boolean mayProbe) {
        return state == State.CLOSED || (state == State.OPEN && now >= openUntil && mayProbe);
    }

    /// A permit; null where the target is to be left alone.
    synchronized @Nullable Permit enter(long now, boolean mayProbe) {
        if (!admits(now, mayProbe)) {
            return null;
        }
        if (state == State.CLOSED) {
            return new Permit(false, era);
        }
        become(State.HALF_OPEN);
        return new Permit(true, era);
    }

    /// For a call that has nowhere else to go: what comes of it is heard as that of a probe.
    synchronized Permit force() {
        return new Permit(state == State.OPEN, era);
    }

    synchronized State state() {
        return state;
    }

    /// Until when it is open; in the past where it is not.
    synchronized long openUntil() {
        return openUntil;
    }

    synchronized int recentCalls(long now) {
        turnTo(now);
        return sum(calls);
    }

    synchronized int recentFailures(long now) {
        turnTo(now);
        return sum(failures);
    }

    /// An answer that had begun well, and was counted so, broke off.
    synchronized void brokeLater(long now) {
        if (state == State.CLOSED) {
            turnTo(now);
            int at = Math.floorMod(slot, SLOTS);
            calls[at] += calls[at] == 0 ? 1 : 0;
            failed(at, now);
        }
    }

    private synchronized void end(Permit permit, long now, boolean well) {
        if (permit.over) {
            return;
        }
        permit.over = true;
        if (well) {
            runOfAccount.set(0);
        }
        if (permit.era != era) {
            return;
        }
        if (permit.probe) {
            become(well ? State.CLOSED : State.OPEN);
            openUntil = well ? openUntil : now + OPEN_FOR.toMillis();
        } else if (state == State.CLOSED) {
            turnTo(now);
            int at = Math.floorMod(slot, SLOTS);
            calls[at]++;
            if (well) {
                run = 0;
            } else {
                failed(at, now);
            }
        }
    }

    private void failed(int at, long now) {
        failures[at]++;
        run++;
        int ofAccount = runOfAccount.incrementAndGet();
        boolean isDown = run >= LONGEST_RUN || ofAccount >= LONGEST_RUN_OF_ACCOUNT;
        int all = sum(calls);
        if (isDown || (all >= LEAST_CALLS && sum(failures) >= all * MOST_FAILURES)) {
            become(State.OPEN);
            openUntil = now + OPEN_FOR.toMillis();
        }
    }

    private synchronized void release(Permit permit) {
        if (!permit.over && permit.probe && permit.era == era && state == State.HALF_OPEN) {
            become(State.OPEN);
        }
        permit.over = true;
    }

    private void become(State next) {
        state = next;
        era++;
        run = 0;
        if (next == State.CLOSED) {
            Arrays.fill(calls, 0);
            Arrays.fill(failures, 0);
        }
    }

    /// Forgets what is too old.
    private void turnTo(long now) {
        long next = now / SLOT.toMillis();
        for (long passed = Math.max(slot + 1, next - SLOTS + 1); passed <= next; passed++) {
            calls[Math.floorMod(passed, SLOTS)] = 0;
            failures[Math.floorMod(passed, SLOTS)] = 0;
        }
        slot = Math.max(slot, next);
    }

    private static int sum(int[] counts) {
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }
}
