package com.posthog.aigateway.dispatch;

import java.time.Duration;

/// How many second and later attempts this process may make: a bucketful, and one for every tenth call. When
/// everything fails, a gateway that asks twice for each call makes it worse. What was not needed is kept for a minute
/// or
/// two, so that all calls that are open when a provider goes down can be asked again.
final class RetryBudget {

    private static final int CALLS_FOR_ONE = 10;
    private static final int BUCKET = 50 * CALLS_FOR_ONE;
    private static final long KEPT_FOR = Duration.ofMinutes(1).toMillis();

    private int left = BUCKET;
    private long minute;
    private int callsBefore;
    private int calls;

    /// @param now in milliseconds since 1970
    synchronized void called(long now) {
        turnTo(now / KEPT_FOR);
        calls++;
        left = Math.min(most(), left + 1);
    }

    private void turnTo(long now) {
        if (now != minute) {
            callsBefore = now == minute + 1 ? calls : 0;
            calls = 0;
            minute = now;
        }
    }

    private int most() {
        return BUCKET + callsBefore + calls;
    }

    synchronized boolean isEmpty() {
        return left < CALLS_FOR_ONE;
    }

    synchronized boolean take() {
        if (isEmpty()) {
            return false;
        }
        left -= CALLS_FOR_ONE;
        return true;
    }

    synchronized void giveBack() {
        left = Math.min(most(), left + CALLS_FOR_ONE);
    }
}
