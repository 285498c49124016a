package com.posthog.aigateway.record;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next try: 100 ms, doubled each time, at most 30 s, up to a quarter less by chance, and
/// never less than the other side asked for.
final class Backoff {

    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 30_000;

    private final RandomGenerator chance;
    private int tries;

    Backoff(RandomGenerator chance) {
        this.chance = chance;
    }

    void reset() {
        tries = 0;
    }

    /// @param asked the answer's `Retry-After` in seconds; a date or nothing counts as none
    Duration next(String asked) {
        long doubled = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(tries++, 20));
        long jittered = doubled - chance.nextLong(doubled / 4 + 1);
        return Duration.ofMillis(Math.max(jittered, Math.min(LONGEST_MILLIS, seconds(asked) * 1000)));
    }

    private static long seconds(String asked) {
        return asked.matches("\\d{1,9}") ? Long.parseLong(asked) : 0;
    }
}
