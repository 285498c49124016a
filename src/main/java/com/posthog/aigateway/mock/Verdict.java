package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// What capture says to one batch, and which of its events it takes.
@SuppressWarnings("ArrayRecordComponent") // goes straight to the wire, nobody compares it
record Verdict(int status, String contentType, byte[] body, List<JsonNode> accepted) {

    static Verdict json(int status, JsonNode body, List<JsonNode> accepted) {
        return new Verdict(status, "application/json", Json.bytes(body), accepted);
    }

    /// The first version of the protocol complains in plain text.
    static Verdict text(int status, String message) {
        return new Verdict(status, "text/plain; charset=utf-8", message.getBytes(UTF_8), List.of());
    }

    static Verdict error(int status, String error, String description) {
        var body = Json.object()
                .put("error", error)
                .put("error_description", description)
                .put("error_uri", "");
        return json(status, body, List.of());
    }
}
