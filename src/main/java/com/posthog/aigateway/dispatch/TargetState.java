package com.posthog.aigateway.dispatch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How one target stands on this replica, at one moment.
///
/// @param model as it is named to the provider
/// @param breaker `closed`, `half_open` or `open`
/// @param openUntil when a probe is let through; null where the breaker is not open
/// @param coolsUntil until when the provider wants to be left alone; null where it does not
/// @param calls that counted in the last half minute, and the failures among them
/// @param ejected why an operator has taken it out; null where none has
public record TargetState(
        String provider,
        String model,
        String breaker,
        @Nullable Instant openUntil,
        @Nullable Instant coolsUntil,
        int calls,
        int failures,
        @Nullable String ejected) {}
