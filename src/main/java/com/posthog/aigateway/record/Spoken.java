package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.posthog.aigateway.call.Shape;
import java.util.stream.Stream;

/// What was asked and answered, in the words of PostHog's AI events: one implementation for each shape. The trees given
/// are used up. Content that is not as the shape says is told as far as it can be.
sealed interface Spoken permits ChatContent, ResponsesContent, MessagesContent, EmbeddingsContent {

    /// The messages asked; empty or missing where there are none.
    JsonNode input(JsonNode request);

    /// The message answered, in an array that is empty where there is none.
    ArrayNode output(JsonNode answer);

    /// The plain answer that a streamed one amounts to, as far as it came.
    JsonNode join(Stream<JsonNode> events);

    static Spoken in(Shape shape) {
        return switch (shape) {
            case OPENAI_CHAT -> new ChatContent();
            case OPENAI_RESPONSES -> new ResponsesContent();
            case OPENAI_EMBEDDINGS -> new EmbeddingsContent();
            case ANTHROPIC_MESSAGES -> new MessagesContent();
        };
    }

    /// Reads an answer, streamed or not: the bytes tell, for an error may be plain where a stream was asked for.
    default ArrayNode output(byte[] answer) {
        return output(startsObject(answer) ? Json.read(answer) : join(events(answer)));
    }

    private static Stream<JsonNode> events(byte[] answer) {
        return SseText.payloads(answer).stream().map(Json::read).filter(JsonNode::isObject);
    }

    private static boolean startsObject(byte[] answer) {
        for (byte b : answer) {
            if (b > ' ') {
                return b == '{';
            }
        }
        return false;
    }
}
