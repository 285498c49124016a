package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/// A simple value that satisfies a JSON schema, always the same: what is required, and nothing else.
record Sample(JsonNode root) {
    private static final int DEEPEST = 20;

    static ObjectNode object(JsonNode schema) {
        return new Sample(schema).of(schema, 0) instanceof ObjectNode object ? object : Json.object();
    }

    private JsonNode of(JsonNode schema, int depth) {
        if (depth > DEEPEST) {
            return NullNode.instance;
        }
        if (schema.has("$ref")) {
            return of(root.at(schema.path("$ref").asText().substring(1)), depth + 1);
        }
        for (var choice : new String[] {"const", "default"}) {
            if (schema.has(choice)) {
                return schema.path(choice);
            }
        }
        for (var choices : new String[] {"enum", "examples"}) {
            if (schema.path(choices).has(0)) {
                return schema.path(choices).path(0);
            }
        }
        for (var choices : new String[] {"anyOf", "oneOf", "allOf"}) {
            if (schema.path(choices).has(0)) {
                return of(schema.path(choices).path(0), depth + 1);
            }
        }
        var type = schema.path("type");
        return ofType(type.isArray() ? type.path(0).asText() : type.asText(), schema, depth);
    }

    private JsonNode ofType(String type, JsonNode schema, int depth) {
        return switch (type) {
            case "string" -> TextNode.valueOf("Paris");
            case "integer", "number" -> IntNode.valueOf(schema.path("minimum").asInt(1));
            case "boolean" -> BooleanNode.TRUE;
            case "null" -> NullNode.instance;
            case "array" -> {
                var array = Json.array();
                for (int item = 0; item < schema.path("minItems").asInt(1); item++) {
                    array.add(of(schema.path("items"), depth + 1));
                }
                yield array;
            }
            default -> {
                var object = Json.object();
                for (var name : schema.path("required")) {
                    object.set(name.asText(), of(schema.path("properties").path(name.asText()), depth + 1));
                }
                yield object;
            }
        };
    }
}
