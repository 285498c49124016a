package com.posthog.aigateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Usage;
import org.jspecify.annotations.Nullable;

/// What a tap has gathered so far. A later value wins over an earlier one.
final class Notes {

    /// As long as nobody says otherwise, this many bytes of text are one token.
    private static final long BYTES_PER_TOKEN = 4;

    @Nullable
    String id;

    @Nullable
    String model;

    @Nullable
    String serviceTier;

    @Nullable
    Usage usage;

    @Nullable
    Usage begun;

    @Nullable
    String stopReason;

    @Nullable
    String error;

    boolean finished;
    boolean content;
    private long textBytes;
    private long pieces;

    void text(int bytes) {
        textBytes += bytes;
        pieces += bytes > 0 ? 1 : 0;
        content |= bytes > 0;
    }

    /// Tokens of output, estimated: by the length of the text, but no piece is less than one.
    long output() {
        return Math.max((textBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN, pieces);
    }

    void identify(Picked answer) {
        id = latest(answer.text("id"), id);
        model = latest(answer.text("model"), model);
        serviceTier = latest(answer.text("service_tier"), serviceTier);
    }

    /// Keeps type, code and message of a provider's error object.
    void fail(JsonNode error) {
        if (error.isObject() || error.isTextual()) {
            var kind = latest(Picked.text(error.path("type")), Picked.text(error.path("code")));
            var message = error.isTextual()
                    ? error.textValue()
                    : error.path("message").asText("");
            this.error = (kind == null ? "error" : kind) + ": " + message;
        }
    }

    static @Nullable String latest(@Nullable String later, @Nullable String earlier) {
        return later == null ? earlier : later;
    }

    Reading reading() {
        return new Reading(id, model, usage, begun, stopReason, error, finished, output());
    }
}
