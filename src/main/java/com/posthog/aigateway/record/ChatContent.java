package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.stream.Stream;

/// Chat completions: all choices become one message.
record ChatContent() implements Spoken {

    private static final List<String> KEPT = List.of("tool_calls", "tool_call_id", "name", "audio", "refusal");

    @Override
    public JsonNode input(JsonNode request) {
        var messages = Json.array();
        for (var message : request.path("messages")) {
            messages.add(asked(message));
        }
        return messages;
    }

    /// A message as the wrappers write it; what is not an object at all is taken for its content.
    static ObjectNode asked(JsonNode message) {
        var asked = Json.object();
        asked.put("role", message.path("role").asText("user"));
        var content = message.isObject() ? message.path("content") : message;
        asked.set("content", content.isMissingNode() ? TextNode.valueOf("") : content);
        Json.copy(message, asked, KEPT);
        return asked;
    }

    @Override
    public ArrayNode output(JsonNode answer) {
        var said = new Said();
        for (var choice : answer.path("choices")) {
            say(choice.path("message"), said);
        }
        return said.messages();
    }

    private static void say(JsonNode message, Said said) {
        said.by(message.path("role"));
        if (message.path("content").isArray()) {
            message.path("content").forEach(said::asItIs);
        } else {
            said.text(message.path("content"));
        }
        if (message.path("refusal").isTextual()) {
            said.item("refusal", message.path("refusal"));
        }
        for (var call : message.path("tool_calls")) {
            var tool = call.has("custom") ? call.path("custom") : call.path("function");
            said.function(call.path("id"), tool.path("name"), arguments(tool));
        }
        if (message.path("function_call").isObject()) {
            var legacy = message.path("function_call");
            said.function(legacy.path("id"), legacy.path("name"), arguments(legacy));
        }
        if (message.path("audio") instanceof ObjectNode audio) {
            said.asItIs(audio.put("type", "audio"));
        }
    }

    private static JsonNode arguments(JsonNode tool) {
        return tool.has("input") ? tool.path("input") : tool.path("arguments");
    }

    @Override
    public JsonNode join(Stream<JsonNode> events) {
        var answer = new Growing();
        events.forEach(event -> {
            for (var choice : event.path("choices")) {
                join(
                        choice.path("delta"),
                        answer.part("choices", choice.path("index")).member("message"));
            }
        });
        return answer.whole();
    }

    private static void join(JsonNode delta, Growing message) {
        message.put("role", delta.path("role"));
        message.append("content", delta.path("content"));
        message.append("refusal", delta.path("refusal"));
        for (var call : delta.path("tool_calls")) {
            var joined = message.part("tool_calls", call.path("index"));
            joined.put("id", call.path("id"));
            join(call, "function", "arguments", joined);
            join(call, "custom", "input", joined);
        }
        join(delta, "function_call", "arguments", message);
        if (delta.path("audio").isObject()) {
            var audio = message.member("audio");
            audio.put("id", delta.path("audio").path("id"));
            audio.append("data", delta.path("audio").path("data"));
            audio.append("transcript", delta.path("audio").path("transcript"));
        }
    }

    private static void join(JsonNode from, String tool, String arguments, Growing to) {
        if (from.path(tool).isObject()) {
            to.member(tool).put("name", from.path(tool).path("name"));
            to.member(tool).append(arguments, from.path(tool).path(arguments));
        }
    }
}
