package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Whom a limit or a budget is for.
public enum Scope {
    ORGANISATION,
    TEAM,
    PRODUCT,
    USER,
    CREDENTIAL,
    MODEL,
    PROVIDER;

    /// As in YAML, in errors and in metrics.
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
