package com.posthog.aigateway.call;

import org.jspecify.annotations.Nullable;

/// What was read off an answer as it passed.
///
/// @param id the provider's name for the answer
/// @param model the model that the answer names
/// @param usage null where the answer carried no final one that can be believed
/// @param begun what a stream reported at its start; null where nothing was
/// @param stopReason in the provider's own word
/// @param error the provider's own error inside the answer, type and message
/// @param finished true when the shape's own last word was seen
/// @param outputTokens an estimate of what was delivered, for where `usage` is null
public record Reading(
        @Nullable String id,
        @Nullable String model,
        @Nullable Usage usage,
        @Nullable Usage begun,
        @Nullable String stopReason,
        @Nullable String error,
        boolean finished,
        long outputTokens) {

    /// What kind of error it was; its message may repeat what the caller wrote, and so must not reach logs.
    public @Nullable String errorKind() {
        return error == null ? null : error.split(": ", 2)[0];
    }

    public static final Reading NOTHING = new Reading(null, null, null, null, null, null, false, 0);
}
