package com.posthog.aigateway.report;

import java.util.TreeMap;

/// How often which number was met, each rounded up to two significant digits: that is as fine as a suggestion is, and
/// takes the same little memory for millions of calls.
final class Tally {

    private static final long THREE_DIGITS = 100;
    private static final long PERCENT = 100;

    private final TreeMap<Long, Long> times = new TreeMap<>();
    private long count;

    /// @param number not below zero
    void add(long number) {
        times.merge(roundedUp(number), 1L, Long::sum);
        count++;
    }

    long count() {
        return count;
    }

    /// The smallest number that at least so many percent of those that were met do not exceed.
    ///
    /// IllegalStateException: none was met.
    long covering(int percent) {
        long wanted = Math.ceilDiv(count * percent, PERCENT);
        for (var each : times.entrySet()) {
            wanted -= each.getValue();
            if (wanted <= 0) {
                return each.getKey();
            }
        }
        throw new IllegalStateException("nothing was counted");
    }

    static long roundedUp(long number) {
        long unit = 1;
        while (number / unit >= THREE_DIGITS) {
            unit *= 10;
        }
        return Math.ceilDiv(number, unit) * unit;
    }
}
