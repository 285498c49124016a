package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Messages: the content blocks become the items of one message.
record MessagesContent() implements Spoken {

    private static final List<String> THINKING = List.of("type", "thinking", "signature");
    private static final List<String> REDACTED_THINKING = List.of("type", "data");

    @Override
    public JsonNode input(JsonNode request) {
        var messages = Json.array();
        if (Json.isThere(request.path("system"))) {
            messages.addObject().put("role", "system").set("content", request.path("system"));
        }
        request.path("messages").forEach(messages::add);
        return messages;
    }

    @Override
    public ArrayNode output(JsonNode answer) {
        var said = new Said();
        said.by(answer.path("role"));
        var content = answer.path("content");
        if (content.isArray() && content.isEmpty()) {
            said.item("text", TextNode.valueOf(""));
        }
        content.forEach(block -> say(block, said));
        return said.messages();
    }

    private static void say(JsonNode block, Said said) {
        switch (block.path("type").asText()) {
            case "text" -> said.text(block.path("text"));
            case "tool_use" -> said.function(block.path("id"), block.path("name"), block.path("input"));
            case "thinking" -> said.asItIs(only(block, THINKING));
            case "redacted_thinking" -> said.asItIs(only(block, REDACTED_THINKING));
            default -> said.asItIs(block);
        }
    }

    private static ObjectNode only(JsonNode block, List<String> names) {
        var item = Json.object();
        Json.copy(block, item, names);
        return item;
    }

    @Override
    public JsonNode join(Stream<JsonNode> events) {
        var joining = new Joining();
        events.forEach(joining::take);
        return joining.answer();
    }

    /// Blocks stand in the order they began in: an index may come again where a proxy spliced two answers.
    private static final class Joining {

        private static final String JSON_SO_FAR = "partial_json";

        private final List<Growing> blocks = new ArrayList<>();
        private final Map<Integer, Growing> open = new HashMap<>();
        private boolean begun;

        void take(JsonNode event) {
            switch (event.path("type").asText()) {
                case "message_start" -> begun = true;
                case "content_block_start" -> {
                    var block = new Growing(event.path("content_block"));
                    blocks.add(block);
                    open.put(index(event), block);
                }
                case "content_block_delta" -> grow(open.get(index(event)), event.path("delta"));
                default -> {}
            }
        }

        private static int index(JsonNode event) {
            return event.path("index").asInt();
        }

        private static void grow(@Nullable Growing block, JsonNode delta) {
            if (block == null) {
                return;
            }
            switch (delta.path("type").asText()) {
                case "text_delta" -> block.append("text", delta.path("text"));
                case "thinking_delta" -> block.append("thinking", delta.path("thinking"));
                case "signature_delta" -> block.append("signature", delta.path("signature"));
                case "compaction_delta" -> block.append("content", delta.path("content"));
                case "input_json_delta" -> block.append(JSON_SO_FAR, delta.path("partial_json"));
                default -> {}
            }
        }

        JsonNode answer() {
            var answer = Json.object();
            if (begun || !blocks.isEmpty()) {
                var content = answer.putArray("content");
                blocks.forEach(block -> content.add(parsed(block.whole())));
            }
            return answer;
        }

        /// A tool's input comes as text; one that broke off is told as empty, as the wrappers do.
        private static ObjectNode parsed(ObjectNode block) {
            var text = block.remove(JSON_SO_FAR);
            if (text != null && !text.asText().isEmpty()) {
                var input = Json.read(text.asText());
                block.set("input", input.isObject() ? input : Json.object());
            }
            return block;
        }
    }
}
