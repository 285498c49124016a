package com.posthog.aigateway.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An error of ours in the form that the caller's SDK knows: as a body, or as an event inside a stream
/// (OpenAI and Anthropic API references, errors).
public final class NativeError {

    private static final JsonFactory JSON = new JsonFactory();

    private interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    private NativeError() {}

    /// The body of an answer that is nothing but an error.
    public static byte[] body(Family family, Refusal refusal, UUID call) {
        return switch (family) {
            case OPENAI ->
                object(json -> openai(json, refusal.reason(), refusal.what(), refusal.param(), refusal.limit()));
            case ANTHROPIC ->
                object(json -> {
                    anthropic(json, refusal.reason(), refusal.what(), refusal.limit());
                    json.writeStringField("request_id", call.toString());
                });
        };
    }

    /// One event that ends a stream which cannot go on.
    static byte[] event(Shape shape, Reason reason, String what, UUID call) {
        return switch (shape) {
            case OPENAI_CHAT, OPENAI_EMBEDDINGS -> event("", object(json -> openai(json, reason, what, null, null)));
            case OPENAI_RESPONSES ->
                event("event: error\n", object(json -> {
                    json.writeStringField("type", "error");
                    json.writeStringField("code", code(reason));
                    json.writeStringField("message", what);
                    json.writeNullField("param");
                    json.writeNumberField("sequence_number", 0);
                }));
            case ANTHROPIC_MESSAGES ->
                event("event: error\n", object(json -> {
                    anthropic(json, reason, what, null);
                    json.writeStringField("request_id", call.toString());
                }));
        };
    }

    private static void openai(
            JsonGenerator json, Reason reason, String what, @Nullable String param, Refusal.@Nullable Limit limit)
            throws IOException {
        json.writeObjectFieldStart("error");
        json.writeStringField("message", what);
        json.writeStringField("type", reason.openaiType());
        json.writeStringField("param", param);
        json.writeStringField("code", reason.openaiCode());
        explain(json, limit);
        json.writeEndObject();
    }

    private static void anthropic(JsonGenerator json, Reason reason, String what, Refusal.@Nullable Limit limit)
            throws IOException {
        json.writeStringField("type", "error");
        json.writeObjectFieldStart("error");
        json.writeStringField("type", reason.anthropicType());
        json.writeStringField("message", what);
        explain(json, limit);
        json.writeEndObject();
    }

    /// A refusal explains itself, also to programs.
    private static void explain(JsonGenerator json, Refusal.@Nullable Limit limit) throws IOException {
        if (limit == null) {
            return;
        }
        json.writeObjectFieldStart("posthog");
        json.writeStringField("scope", limit.account().scope().word());
        json.writeStringField("id", limit.account().id());
        json.writeStringField("what", limit.what());
        json.writeStringField("limit", limit.limit());
        json.writeStringField("used", limit.used());
        json.writeStringField("held", limit.held());
        json.writeEndObject();
    }

    private static String code(Reason reason) {
        return reason.openaiCode() == null ? reason.openaiType() : reason.openaiCode();
    }

    private static byte[] event(String name, byte[] data) {
        return (name + "data: " + new String(data, StandardCharsets.UTF_8) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] object(Members members) {
        var out = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
