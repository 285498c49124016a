package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How a call ended.
public enum Ending {
    /// The provider's answer reached the caller whole.
    COMPLETE,
    /// We said no before a provider was asked.
    REFUSED,
    /// The provider answered an error, or nothing at all, and the caller was told.
    FAILED,
    /// The caller left before the end.
    ABANDONED,
    /// The provider broke off after its answer had begun.
    INCOMPLETE,
    /// We ended the answer legally, because its money ran out.
    CUT,
    /// This process ended before the call did.
    LOST;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
