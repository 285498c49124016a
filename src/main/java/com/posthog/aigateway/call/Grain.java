package com.posthog.aigateway.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How finely spend is kept in time. What a window counts too much is at most one bucket.
public enum Grain {
    FIVE_MINUTES('5', Duration.ofMinutes(5), Duration.ofHours(6)),
    HALF_HOUR('h', Duration.ofMinutes(30), Duration.ofHours(25)),
    HALF_DAY('t', Duration.ofHours(12), Duration.ofDays(30).plusHours(1)),
    DAY('d', Duration.ofDays(1), Duration.ofDays(31)),
    LIFETIME('l', null, null);

    private final byte code;
    private final long millis;
    private final long reach;

    Grain(char code, @Nullable Duration length, @Nullable Duration reach) {
        this.code = (byte) code;
        this.millis = length == null ? Long.MAX_VALUE : length.toMillis();
        this.reach = reach == null ? Long.MAX_VALUE : reach.toMillis();
    }

    /// One byte that stands for it on disk, for ever.
    public byte code() {
        return code;
    }

    /// IllegalArgumentException: no grain has this code.
    public static Grain of(byte code) {
        for (var grain : values()) {
            if (grain.code == code) {
                return grain;
            }
        }
        throw new IllegalArgumentException("no grain has the code " + code);
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

    /// The oldest bucket that is still of use at a moment: some window touches it, or did when a call began that has
    /// run
    /// for an hour and asks for more.
    public long oldest(long moment) {
        return this == LIFETIME ? 0 : index(moment - reach);
    }
}
