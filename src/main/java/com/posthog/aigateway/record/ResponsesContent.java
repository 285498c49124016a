package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Responses: all output items become one message.
record ResponsesContent() implements Spoken {

    private static final List<String> IMAGE = List.of("type", "result", "status");

    @Override
    public JsonNode input(JsonNode request) {
        var messages = Json.array();
        var input = request.path("input");
        if (input.isTextual()) {
            messages.add(ChatContent.asked(input));
        }
        if (input.isArray()) {
            input.forEach(item -> messages.add(asked(item)));
        }
        if (request.path("instructions").isTextual()) {
            instruct(messages, request.path("instructions").textValue());
        }
        return messages;
    }

    private static JsonNode asked(JsonNode item) {
        boolean ofItsOwnKind = item.has("type") && !item.has("role") && !item.has("content");
        return ofItsOwnKind ? item : ChatContent.asked(item);
    }

    private static void instruct(ArrayNode messages, String instructions) {
        for (var message : messages) {
            if (message.path("role").asText().equals("system")) {
                addTo((ObjectNode) message, instructions);
                return;
            }
        }
        messages.insertObject(0).put("role", "system").put("content", instructions);
    }

    private static void addTo(ObjectNode system, String instructions) {
        if (system.path("content") instanceof ArrayNode parts) {
            parts.addObject().put("type", "input_text").put("text", instructions);
        } else {
            system.put("content", system.path("content").asText("") + "\n\n" + instructions);
        }
    }

    @Override
    public ArrayNode output(JsonNode answer) {
        var said = new Said();
        for (var item : answer.path("output")) {
            switch (item.path("type").asText()) {
                case "message" -> say(item, said);
                case "function_call" ->
                    said.function(
                            item.path(item.hasNonNull("call_id") ? "call_id" : "id"),
                            item.path("name"),
                            item.path("arguments"));
                case "image_generation_call" -> {
                    var image = Json.object();
                    Json.copy(item, image, IMAGE);
                    said.asItIs(image);
                }
                default -> said.asItIs(item);
            }
        }
        return said.messages();
    }

    private static void say(JsonNode message, Said said) {
        said.by(message.path("role"));
        for (var part : message.path("content")) {
            switch (part.path("type").asText()) {
                case "output_text", "text" -> said.text(part.path("text"));
                case "refusal" -> said.item("refusal", part.path("refusal"));
                default -> said.asItIs(part);
            }
        }
    }

    @Override
    public JsonNode join(Stream<JsonNode> events) {
        var joining = new Joining();
        events.forEach(joining::take);
        return joining.answer();
    }

    /// The last event repeats the whole answer. Without it, or where it is empty there, the items count: done or not.
    private static final class Joining {

        private final SortedMap<Integer, Growing> items = new TreeMap<>();
        private JsonNode last = Json.object();

        void take(JsonNode event) {
            var delta = event.path("delta");
            switch (event.path("type").asText()) {
                case "response.completed", "response.incomplete", "response.failed" -> last = event.path("response");
                case "response.output_item.added", "response.output_item.done" ->
                    items.put(index(event), new Growing(event.path("item")));
                case "response.output_text.delta" -> append(event, "content", "output_text", "text");
                case "response.refusal.delta" -> append(event, "content", "refusal", "refusal");
                case "response.reasoning_text.delta" -> append(event, "content", "reasoning_text", "text");
                case "response.reasoning_summary_text.delta" -> append(event, "summary", "summary_text", "text");
                case "response.function_call_arguments.delta", "response.mcp_call_arguments.delta" ->
                    item(event).append("arguments", delta);
                case "response.custom_tool_call_input.delta" -> item(event).append("input", delta);
                case "response.code_interpreter_call_code.delta" -> item(event).append("code", delta);
                default -> {}
            }
        }

        private static int index(JsonNode event) {
            return event.path("output_index").asInt();
        }

        private Growing item(JsonNode event) {
            return items.computeIfAbsent(index(event), _ -> new Growing());
        }

        private void append(JsonNode event, String list, String type, String text) {
            var index = event.path(list.equals("summary") ? "summary_index" : "content_index");
            var part = item(event).part(list, index);
            part.put("type", TextNode.valueOf(type));
            part.append(text, event.path("delta"));
        }

        JsonNode answer() {
            if (!last.path("output").isEmpty()) {
                return last;
            }
            var answer = Json.object();
            var output = answer.putArray("output");
            items.values().forEach(item -> output.add(item.whole()));
            return answer;
        }
    }
}
