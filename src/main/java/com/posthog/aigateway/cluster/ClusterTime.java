package com.posthog.aigateway.cluster;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The cluster's time when this process joined, plus the time that has passed since.
final class ClusterTime {

    private record Start(long millis, long nanos) {}

    /// Closer than this is as close as asking can tell.
    private static final long SAME = 1_000;

    private final Time time;
    private volatile @Nullable Start start;

    ClusterTime(Time time) {
        this.time = time;
    }

    boolean isKnown() {
        return start != null;
    }

    /// From the wall clock, where nobody else is there to say the time.
    void begin() {
        start = new Start(wall(), nanos());
    }

    /// From another member. What is known already stays, but for a real difference: time does not jump for nothing.
    void follow(long millis) {
        if (!isKnown() || Math.abs(now() - millis) > SAME) {
            start = new Start(millis, nanos());
        }
    }

    long now() {
        var since = start;
        if (since == null) {
            throw new IllegalStateException("this process has not joined yet, and does not know the time");
        }
        return since.millis() + TimeUnit.NANOSECONDS.toMillis(nanos() - since.nanos());
    }

    long wall() {
        return time.clock().millis();
    }

    long nanos() {
        return time.nanos().getAsLong();
    }
}
