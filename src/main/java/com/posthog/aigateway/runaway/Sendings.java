package com.posthog.aigateway.runaway;

import java.util.Arrays;

/// How often one body was sent within a time, to an eighth of that time. Retries of a client are counted by themselves:
/// they are not the caller's own will, but a client that only ever retries is a loop too.
final class Sendings {

    private static final int SLICES = 8;

    private final long slice;
    private final int[] own = new int[SLICES];
    private final int[] retries = new int[SLICES];
    private long newest;

    /// @param within in milliseconds
    Sendings(long within) {
        this.slice = Math.max(1, within / SLICES);
    }

    long add(boolean retry, long now) {
        turn(now / slice);
        var counts = retry ? retries : own;
        counts[place(newest)]++;
        return Arrays.stream(counts).asLongStream().sum();
    }

    void takeBack(boolean retry, long at) {
        var counts = retry ? retries : own;
        long then = at / slice;
        if (then > newest - SLICES && then <= newest && counts[place(then)] > 0) {
            counts[place(then)]--;
        }
    }

    /// A clock that was set back counts into the newest slice.
    private void turn(long to) {
        for (long at = Math.max(newest + 1, to - SLICES + 1); at <= to; at++) {
            own[place(at)] = 0;
            retries[place(at)] = 0;
        }
        newest = Math.max(newest, to);
    }

    private static int place(long at) {
        return Math.floorMod(at, SLICES);
    }
}
