package com.posthog.aigateway.load;

import java.time.Duration;

/// When each question is due. It does not move when answers are late: that would hide how long callers wait.
///
/// @param start as `System.nanoTime` tells it
/// @param count how many questions there are
record Schedule(long start, double rate, long count) {

    private static final double NANOS = 1e9;

    static Schedule of(long start, double rate, Duration duration) {
        if (!(rate > 0)) {
            throw new IllegalArgumentException("the rate must be above 0: " + rate);
        }
        return new Schedule(start, rate, Math.round(rate * duration.toNanos() / NANOS));
    }

    long due(long ticket) {
        return start + (long) (ticket * NANOS / rate);
    }

    long end() {
        return due(count);
    }
}
