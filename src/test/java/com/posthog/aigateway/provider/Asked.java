package com.posthog.aigateway.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import java.time.Instant;
import java.util.UUID;

/// Calls for tests.
final class Asked {

    private Asked() {}

    static Call chat(String body) {
        return at(Endpoint.CHAT_COMPLETIONS, "", Headers.NONE, body);
    }

    static Call at(Endpoint endpoint, String query, Headers headers, String body) {
        return new Call(
                new UUID(1, 2), Instant.EPOCH, endpoint, null, null, query, headers, Body.of(body.getBytes(UTF_8)));
    }
}
