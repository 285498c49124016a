package com.posthog.aigateway.stream;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Events of a response that go on where the stream has stopped. Behind the type, the provider writes members by name.
final class NumberedEvents {

    private final StringBuilder text = new StringBuilder();
    private long next;

    /// @param next the `sequence_number` of the first one
    NumberedEvents(long next) {
        this.next = next;
    }

    /// @param members the text of each value
    void add(String type, Map<String, String> members) {
        var sorted = new TreeMap<>(members);
        sorted.put("sequence_number", Long.toString(next++));
        var data = new LinkedHashMap<String, String>();
        data.put("type", RawObject.quoted(type));
        data.putAll(sorted);
        text.append("event: ").append(type).append("\ndata: ");
        text.append(new RawObject(data)).append("\n\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
