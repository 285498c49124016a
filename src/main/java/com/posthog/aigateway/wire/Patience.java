package com.posthog.aigateway.wire;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long a provider may take.
///
/// @param head until the head of its answer
/// @param idle between two pieces of its body, while we wait for one
/// @param whole from the start to the end; null: as long as it flows
public record Patience(
        Duration head, Duration idle, @Nullable Duration whole) {}
