package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// An object of a stream that comes in pieces: its strings grow, and so do its objects and the parts of its lists.
final class Growing {

    private final ObjectNode start;
    private final Map<String, StringBuilder> texts = new HashMap<>();
    private final Map<String, Growing> members = new HashMap<>();
    private final Map<String, SortedMap<Integer, Growing>> lists = new HashMap<>();

    Growing() {
        this(Json.object());
    }

    Growing(JsonNode start) {
        this.start = start instanceof ObjectNode object ? object : Json.object();
    }

    /// Takes a value that comes once, and may come again.
    void put(String name, JsonNode value) {
        if (Json.isThere(value)) {
            start.set(name, value);
        }
    }

    void append(String name, JsonNode piece) {
        if (piece.isTextual()) {
            texts.computeIfAbsent(name, this::begun).append(piece.textValue());
        }
    }

    private StringBuilder begun(String name) {
        return new StringBuilder(start.path(name).isTextual() ? start.path(name).textValue() : "");
    }

    Growing member(String name) {
        return members.computeIfAbsent(name, _ -> new Growing());
    }

    Growing part(String list, JsonNode index) {
        return lists.computeIfAbsent(list, _ -> new TreeMap<>()).computeIfAbsent(index.asInt(), _ -> new Growing());
    }

    ObjectNode whole() {
        texts.forEach((name, text) -> start.put(name, text.toString()));
        members.forEach((name, member) -> start.set(name, member.whole()));
        lists.forEach((name, parts) -> {
            var list = start.putArray(name);
            parts.values().forEach(part -> list.add(part.whole()));
        });
        return start;
    }
}
