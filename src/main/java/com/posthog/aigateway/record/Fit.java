package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/// Makes a tree fit for capture, in place: media is redacted, and what capture's parser would refuse is told as text,
/// for it would refuse the whole batch.
final class Fit {

    /// Capture reads 128 levels, of which the batch around an event takes some.
    private static final int DEEPEST = 100;

    private static final TextNode TOO_DEEP = TextNode.valueOf("[nested too deep for capture]");

    private Fit() {}

    static void make(ObjectNode object) {
        make(object, 1);
    }

    private static void make(ObjectNode object, int depth) {
        for (var member : object.properties()) {
            var value = member.getValue();
            member.setValue(
                    value.isTextual()
                            ? text(value, Media.redacted(object, member.getKey(), value.textValue()))
                            : fit(value, depth));
        }
    }

    private static void make(ArrayNode array, int depth) {
        for (int i = 0; i < array.size(); i++) {
            array.set(i, fit(array.get(i), depth));
        }
    }

    private static JsonNode fit(JsonNode value, int depth) {
        return switch (value) {
            case JsonNode node when node.isContainerNode() && depth == DEEPEST -> TOO_DEEP;
            case ObjectNode object -> {
                make(object, depth + 1);
                yield object;
            }
            case ArrayNode array -> {
                make(array, depth + 1);
                yield array;
            }
            case TextNode text -> text(text, Media.redacted(text.textValue()));
            case JsonNode number when number.isBigInteger() -> TextNode.valueOf(number.asText());
            default -> value;
        };
    }

    private static JsonNode text(JsonNode before, String after) {
        return after.equals(before.textValue()) ? before : TextNode.valueOf(after);
    }
}
