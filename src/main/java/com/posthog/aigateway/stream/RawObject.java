package com.posthog.aigateway.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A JSON object of which each value keeps the text that it came in: what is not changed is written as it was read.
record RawObject(SequencedMap<String, String> members) {

    static final RawObject EMPTY = new RawObject(new LinkedHashMap<>());

    /// The members that can be read; [#EMPTY] where the bytes are no JSON object.
    static RawObject of(byte[] json, int length) {
        try (var parser = Picked.JSON.createParser(json, 0, length)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? new RawObject(read(parser, json)) : EMPTY;
        } catch (IOException broken) {
            return EMPTY;
        }
    }

    private static SequencedMap<String, String> read(JsonParser parser, byte[] json) throws IOException {
        var members = new LinkedHashMap<String, String>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            int from = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
            parser.skipChildren();
            parser.finishToken();
            int to = Math.toIntExact(parser.currentLocation().getByteOffset());
            members.put(name, oneLine(new String(json, from, to - from, StandardCharsets.UTF_8)));
        }
        return members;
    }

    /// Data of several lines has them between its values only; written as one line, it says the same.
    private static String oneLine(String value) {
        return value.indexOf('\n') < 0 ? value : value.replace('\n', ' ');
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /// The value's text; null where there is none.
    @Nullable
    String raw(String name) {
        return members.get(name);
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    boolean hasObject(String name) {
        var value = raw(name);
        return value != null && value.startsWith("{");
    }

    /// The object that is the member's value; [#EMPTY] where it is none.
    RawObject within(String name) {
        var bytes = members.getOrDefault(name, "").getBytes(StandardCharsets.UTF_8);
        return of(bytes, bytes.length);
    }

    /// A text without escapes, as names and types are; empty where the value is none.
    String word(String name) {
        var value = members.getOrDefault(name, "");
        return value.startsWith("\"") ? value.substring(1, value.length() - 1) : "";
    }

    /// A count or a place; -1 where the value is none.
    long number(String name) {
        var value = members.getOrDefault(name, "");
        return value.matches("[0-9]{1,18}") ? Long.parseLong(value) : -1;
    }

    /// The same, but for one member, which stays at its place, or is the last.
    RawObject with(String name, String value) {
        var changed = new LinkedHashMap<>(members);
        changed.put(name, value);
        return new RawObject(changed);
    }

    @Override
    public String toString() {
        return members.entrySet().stream().map(RawObject::member).collect(Collectors.joining(",", "{", "}"));
    }

    private static String member(Map.Entry<String, String> member) {
        return quoted(new String(JsonStringEncoder.getInstance().quoteAsString(member.getKey()))) + ":"
                + member.getValue();
    }

    /// A text of ours that needs no escapes.
    static String quoted(String text) {
        return '"' + text + '"';
    }
}
