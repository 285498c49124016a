package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Family;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The errors as the providers send them: as a whole answer, and as the events on which a stream dies.
final class NativeErrors {
    private static final String REFUSED = "invalid_request_error";

    private final Serial serial;

    NativeErrors(Serial serial) {
        this.serial = serial;
    }

    Answer unauthorized(Family family) {
        return ofStatus(family, 401);
    }

    Answer badRequest(Family family, String message) {
        return answer(family, 400, new Wording(REFUSED, null, message), null);
    }

    Answer missing(Family family, String member) {
        return switch (family) {
            case ANTHROPIC -> badRequest(family, member + ": Field required");
            case OPENAI ->
                answer(
                        family,
                        400,
                        new Wording(
                                REFUSED, "missing_required_parameter", "Missing required parameter: '" + member + "'."),
                        member);
        };
    }

    /// Chat and embeddings say 404 to an unknown model, Responses says 400 to the same mistake.
    Answer unknownModel(Resource shape, Family family, String model) {
        if (family == Family.ANTHROPIC) {
            return answer(family, 404, new Wording("not_found_error", null, "model: " + model), null);
        }
        if (shape == Resource.RESPONSES) {
            var message = "The requested model '" + model + "' does not exist.";
            return answer(family, 400, new Wording(REFUSED, "model_not_found", message), "model");
        }
        var message = "The model `" + model + "` does not exist or you do not have access to it.";
        return answer(family, 404, new Wording(REFUSED, "model_not_found", message), null);
    }

    Answer unknownResponse(String id) {
        return answer(Family.OPENAI, 404, new Wording(REFUSED, null, "Response with id '" + id + "' not found."), null);
    }

    Answer unknownChat(String id) {
        return answer(
                Family.OPENAI, 404, new Wording(REFUSED, null, "Completion with id '" + id + "' not found."), null);
    }

    Answer unknownPath(String method, String path) {
        var message = "Invalid URL (" + method + " " + path + ")";
        return answer(Family.OPENAI, 404, new Wording(REFUSED, null, message), null);
    }

    /// The real provider would speak over a websocket; clients that are told this go on over HTTP.
    Answer noUpgrade() {
        return answer(
                Family.OPENAI, 426, new Wording(REFUSED, null, "Websockets are not served here; use HTTP."), null);
    }

    Answer ofStatus(Family family, int status) {
        return answer(family, status, Wording.of(family, status), null);
    }

    /// The last event of a chat stream that fails after HTTP 200.
    static List<byte[]> endChat(int status) {
        return List.of(Answer.event("{\"error\":" + openAi(Wording.of(Family.OPENAI, status), null) + "}"));
    }

    /// The last event of a Messages stream that fails after HTTP 200.
    static List<byte[]> endMessages(int status) {
        var error = anthropic(Wording.of(Family.ANTHROPIC, status));
        return List.of(Answer.event("error", "{\"type\":\"error\",\"error\":" + error + "}"));
    }

    /// The error event of a Responses stream; `response.failed` follows it.
    static byte[] endResponses(int sequence, int status) {
        var error = openAi(Wording.of(Family.OPENAI, status), null);
        return Answer.event(
                "error", "{\"type\":\"error\",\"sequence_number\":" + sequence + ",\"error\":" + error + "}");
    }

    private Answer answer(Family family, int status, Wording wording, @Nullable String param) {
        var requestId = serial.next("req_");
        var body = switch (family) {
            case OPENAI -> "{\"error\":" + openAi(wording, param) + "}";
            case ANTHROPIC ->
                "{\"type\":\"error\",\"error\":" + anthropic(wording) + ",\"request_id\":\"" + requestId + "\"}";
        };
        return Answer.json(status, family, requestId, body);
    }

    private static String openAi(Wording wording, @Nullable String param) {
        return "{\"message\":" + Json.quote(wording.message())
                + ",\"type\":" + Json.quote(wording.type())
                + ",\"param\":" + orNull(param)
                + ",\"code\":" + orNull(wording.code()) + "}";
    }

    private static String anthropic(Wording wording) {
        return "{\"type\":" + Json.quote(wording.type()) + ",\"message\":" + Json.quote(wording.message()) + "}";
    }

    private static String orNull(@Nullable String text) {
        return text == null ? "null" : Json.quote(text);
    }
}
