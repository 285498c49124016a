package com.posthog.aigateway.call;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What was asked, once, by a caller. Nobody writes into it.
public record Call(
        UUID id, Instant at, Endpoint endpoint, @Nullable String product, String query, Headers headers, Body body) {

    public boolean stream() {
        return body.isTrue("stream");
    }
}
