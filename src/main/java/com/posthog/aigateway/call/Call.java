package com.posthog.aigateway.call;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What was asked, once, by a caller. Nobody writes into it.
///
/// @param product that the path names
/// @param storedId of what a provider has stored, where the endpoint is about such
/// @param query without its question mark, as it came
public record Call(
        UUID id,
        Instant at,
        Endpoint endpoint,
        @Nullable String product,
        @Nullable String storedId,
        String query,
        Headers headers,
        Body body) {

    /// The provider's path, below its `/v1`.
    public String path() {
        return storedId == null ? endpoint.path() : endpoint.path(storedId);
    }

    public boolean stream() {
        return body.isTrue("stream") || (endpoint == Endpoint.STORED_RESPONSE && query.contains("stream=true"));
    }
}
