package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Family;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.util.List;
import java.util.Optional;

/// The endpoints that the mock answers, by method and path, with `/v1` or without.
enum Resource {
    CHAT("POST", "/chat/completions"),
    STORED_CHAT("GET", "/chat/completions/{id}"),
    CHANGED_CHAT("POST", "/chat/completions/{id}"),
    DELETED_CHAT("DELETE", "/chat/completions/{id}"),
    CHAT_MESSAGES("GET", "/chat/completions/{id}/messages"),
    RESPONSES("POST", "/responses"),
    COMPACT("POST", "/responses/compact"),
    INPUT_TOKENS("POST", "/responses/input_tokens"),
    STORED_RESPONSE("GET", "/responses/{id}"),
    DELETED_RESPONSE("DELETE", "/responses/{id}"),
    CANCELLED_RESPONSE("POST", "/responses/{id}/cancel"),
    INPUT_ITEMS("GET", "/responses/{id}/input_items"),
    MESSAGES("POST", "/messages"),
    COUNT_TOKENS("POST", "/messages/count_tokens"),
    EMBEDDINGS("POST", "/embeddings"),
    MODELS("GET", "/models"),
    MODEL("GET", "/models/{id}");

    private static final HeaderName API_KEY = HeaderNames.create("x-api-key");
    private static final HeaderName ANTHROPIC_VERSION = HeaderNames.create("anthropic-version");
    private static final String ID = "{id}";

    private final String method;
    private final String path;

    /// @param id the one in the path, or empty
    record Match(Resource resource, String id) {}

    Resource(String method, String path) {
        this.method = method;
        this.path = path;
    }

    /// Whose manners an answer has: the envelope of its errors and the names of its headers.
    Family family(ServerRequestHeaders headers) {
        return switch (this) {
            case CHAT,
                    STORED_CHAT,
                    CHANGED_CHAT,
                    DELETED_CHAT,
                    CHAT_MESSAGES,
                    RESPONSES,
                    COMPACT,
                    INPUT_TOKENS,
                    STORED_RESPONSE,
                    DELETED_RESPONSE,
                    CANCELLED_RESPONSE,
                    INPUT_ITEMS,
                    EMBEDDINGS -> Family.OPENAI;
            case MESSAGES, COUNT_TOKENS -> Family.ANTHROPIC;
            case MODELS, MODEL ->
                headers.contains(ANTHROPIC_VERSION) || headers.contains(API_KEY) ? Family.ANTHROPIC : Family.OPENAI;
        };
    }

    boolean hasBody() {
        return method.equals("POST") && this != CANCELLED_RESPONSE;
    }

    static Optional<Match> of(String method, String path) {
        var asked = segments(path.startsWith("/v1/") ? path.substring(3) : path);
        for (var resource : values()) {
            var own = segments(resource.path);
            if (resource.method.equals(method) && fits(own, asked)) {
                int place = own.indexOf(ID);
                return Optional.of(new Match(resource, place < 0 ? "" : asked.get(place)));
            }
        }
        return Optional.empty();
    }

    private static boolean fits(List<String> own, List<String> asked) {
        if (asked.size() != own.size()) {
            return false;
        }
        for (int place = 0; place < own.size(); place++) {
            boolean fits = own.get(place).equals(ID)
                    ? !asked.get(place).isEmpty()
                    : own.get(place).equals(asked.get(place));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
