package com.posthog.aigateway.load;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// What one worker, or all of them together, have seen. Times are in nanoseconds.
final class Tally {

    private static final long LONGEST = 120_000_000_000L;
    private static final int DIGITS = 3;

    final Histogram latency = new Histogram(LONGEST, DIGITS);
    final Histogram firstByte = new Histogram(LONGEST, DIGITS);
    final Histogram eventDelay = new Histogram(LONGEST, DIGITS);
    final Map<String, Long> errors = new TreeMap<>();
    long sent;
    long ok;
    long unsent;
    long lastEnd = Long.MIN_VALUE;

    static void note(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, LONGEST));
    }

    void error(String kind) {
        errors.merge(kind, 1L, Long::sum);
    }

    void add(Tally other) {
        latency.add(other.latency);
        firstByte.add(other.firstByte);
        eventDelay.add(other.eventDelay);
        other.errors.forEach((kind, count) -> errors.merge(kind, count, Long::sum));
        sent += other.sent;
        ok += other.ok;
        unsent += other.unsent;
        lastEnd = Math.max(lastEnd, other.lastEnd);
    }
}
