package com.posthog.aigateway.call;

/// A stretch of time in which spend is added up.
///
/// @param index counted from 1970 in the grain's own length, in UTC; 0 for a lifetime
public record Bucket(Grain grain, long index) {

    /// When the next one begins, in milliseconds since 1970.
    public long end() {
        return grain == Grain.LIFETIME ? Long.MAX_VALUE : (index + 1) * grain.millis();
    }
}
