package com.posthog.aigateway.mock;

import java.time.Duration;

/// What a provider charges for and a caller does not see: `reasoning=900,server-input=5000,tier=priority,late=2s`.
///
/// @param reasoning hidden output, as far as the request's limit allows
/// @param serverInput what the provider's own tools have read
/// @param tier that the answer names; empty: the usual one
/// @param compaction what an Anthropic answer has read to make the conversation shorter, beside its totals
/// @param noUsage true for an answer that does not report what it used
/// @param late for how long a stream whose caller has left is still made, and charged
record Extras(int reasoning, int serverInput, String tier, int compaction, boolean noUsage, Duration late) {

    static final Duration LONGEST_LATE = Duration.ofSeconds(2);

    Extras {
        if (late.compareTo(LONGEST_LATE) > 0) {
            throw new IllegalArgumentException("directive 'late' must be 2s at most");
        }
    }
}
