package com.posthog.aigateway.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How finely spend is kept in time. What a window counts too much is at most one bucket.
public enum Grain {
    FIVE_MINUTES(Duration.ofMinutes(5), Duration.ofHours(5)),
    HALF_HOUR(Duration.ofMinutes(30), Duration.ofHours(24)),
    HALF_DAY(Duration.ofHours(12), Duration.ofDays(30)),
    DAY(Duration.ofDays(1), Duration.ofDays(31)),
    LIFETIME(null, null);

    private final long millis;
    private final long reach;

    Grain(@Nullable Duration length, @Nullable Duration reach) {
        this.millis = length == null ? Long.MAX_VALUE : length.toMillis();
        this.reach = reach == null ? Long.MAX_VALUE : reach.toMillis();
    }

    /// The bucket of a moment, in milliseconds since 1970.
    public Bucket at(long moment) {
        return new Bucket(this, index(moment));
    }

    long index(long moment) {
        return this == LIFETIME ? 0 : Math.floorDiv(moment, millis);
    }

    /// In milliseconds; the largest number for a lifetime.
    public long millis() {
        return millis;
    }

    /// The oldest bucket that any window still touches at a moment.
    public long oldest(long moment) {
        return this == LIFETIME ? 0 : index(moment - reach);
    }
}
