package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// The one message that an answer becomes, whatever it is made of: PostHog merges choices and items.
final class Said {

    private final ArrayNode content = Json.array();
    private String role = "assistant";

    void by(JsonNode role) {
        this.role = role.asText(this.role);
    }

    void text(JsonNode text) {
        if (text.isTextual() && !text.textValue().isEmpty()) {
            item("text", text);
        }
    }

    /// An item that has one member, named as its type.
    void item(String type, JsonNode value) {
        content.addObject().put("type", type).set(type, value);
    }

    /// An item that PostHog has no form of its own for.
    void asItIs(JsonNode item) {
        content.add(item);
    }

    /// @param arguments OpenAI's string of JSON, or Anthropic's object
    void function(JsonNode id, JsonNode name, JsonNode arguments) {
        var item = content.addObject().put("type", "function");
        set(item, "id", id);
        var function = item.putObject("function");
        set(function, "name", name);
        set(function, "arguments", arguments);
    }

    private static void set(ObjectNode object, String name, JsonNode value) {
        if (Json.isThere(value)) {
            object.set(name, value);
        }
    }

    /// An array of the one message, or of none where nothing was said.
    ArrayNode messages() {
        var messages = Json.array();
        if (!content.isEmpty()) {
            messages.addObject().put("role", role).set("content", content);
        }
        return messages;
    }
}
