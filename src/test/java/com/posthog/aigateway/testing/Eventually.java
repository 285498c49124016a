package com.posthog.aigateway.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Waits for what another thread brings about, usually at most ten seconds.
public final class Eventually {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Eventually() {}

    /// The first value that fits; AssertionError with the last one when none does in time.
    public static <T> T get(Supplier<T> value, Predicate<T> fits) {
        return get(PATIENCE, value, fits);
    }

    /// For what takes longer.
    public static <T> T get(Duration patience, Supplier<T> value, Predicate<T> fits) {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            var now = value.get();
            if (fits.test(now)) {
                return now;
            } else if (System.nanoTime() > until) {
                throw new AssertionError("waited in vain; the last value was " + now);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
