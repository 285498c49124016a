package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One try at one target.
///
/// @param status of the provider's answer; 0 when there was none
/// @param fault what went wrong, as a word; null when the answer was taken
/// @param latency until the answer's head, or until the fault
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Attempt(
        String provider, String model, int status, @Nullable String fault, Duration latency) {}
