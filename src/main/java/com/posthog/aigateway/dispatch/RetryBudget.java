package com.posthog.aigateway.dispatch;

/// How many second and later attempts this process may make: a bucketful, and one for every tenth call. When
/// everything fails, a gateway that asks twice for each call makes it worse.
final class RetryBudget {

    private static final int CALLS_FOR_ONE = 10;
    private static final int MOST = 50 * CALLS_FOR_ONE;

    private int left = MOST;

    synchronized void called() {
        left = Math.min(MOST, left + 1);
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
        left = Math.min(MOST, left + CALLS_FOR_ONE);
    }
}
