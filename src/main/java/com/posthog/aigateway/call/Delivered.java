package com.posthog.aigateway.call;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What reached the caller.
///
/// @param cause why it is not complete, in a few words without content; null when it is
/// @param firstToken when the first content passed, for a streamed answer
/// @param answer the body's bytes as the provider sent them, up to the bound for content
public record Delivered(
        Ending ending,
        int status,
        @Nullable String cause,
        Reading reading,
        @Nullable Instant firstToken,
        byte[] answer) {}
