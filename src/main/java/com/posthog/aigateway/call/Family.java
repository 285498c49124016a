package com.posthog.aigateway.call;

/// Which provider's dialect a caller speaks: it decides envelopes, headers and credentials.
public enum Family {
    OPENAI,
    ANTHROPIC
}
