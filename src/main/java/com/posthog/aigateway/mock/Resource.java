package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Family;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.util.Optional;

/// The endpoints that the mock answers, by method and path, with `/v1` or without.
enum Resource {
    CHAT("POST", "/chat/completions"),
    RESPONSES("POST", "/responses"),
    MESSAGES("POST", "/messages"),
    COUNT_TOKENS("POST", "/messages/count_tokens"),
    EMBEDDINGS("POST", "/embeddings"),
    MODELS("GET", "/models"),

    /// Any other path, for a request that names the recorded answer it wants.
    RECORDED("", "");

    private static final HeaderName API_KEY = HeaderNames.create("x-api-key");
    private static final HeaderName ANTHROPIC_VERSION = HeaderNames.create("anthropic-version");

    private final String method;
    private final String path;

    Resource(String method, String path) {
        this.method = method;
        this.path = path;
    }

    /// Whose manners an answer has: the envelope of its errors and the names of its headers.
    Family family(ServerRequestHeaders headers) {
        return switch (this) {
            case CHAT, RESPONSES, EMBEDDINGS, RECORDED -> Family.OPENAI;
            case MESSAGES, COUNT_TOKENS -> Family.ANTHROPIC;
            case MODELS ->
                headers.contains(ANTHROPIC_VERSION) || headers.contains(API_KEY) ? Family.ANTHROPIC : Family.OPENAI;
        };
    }

    static Optional<Resource> of(String method, String path) {
        var bare = path.startsWith("/v1/") ? path.substring(3) : path;
        for (var shape : values()) {
            if (shape.path.equals(bare) && shape.method.equals(method)) {
                return Optional.of(shape);
            }
        }
        return Optional.empty();
    }
}
