package com.posthog.aigateway.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How soon the journal's rows are safe from a loss of power: written `always`, or as the longest wait, such as `50ms`.
///
/// @param every null: before each call goes on
public record Sync(@Nullable Duration every) {

    public static Sync parse(String text) {
        if (text.equals("always")) {
            return new Sync(null);
        }
        var every = (Duration) Scalars.read(text, Duration.class);
        if (every.isZero()) {
            throw new IllegalArgumentException("must be above zero, or always: '" + text + "'");
        }
        return new Sync(every);
    }

    @Override
    public String toString() {
        return every == null ? "always" : every.toMillis() + "ms";
    }
}
