package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The last events that were accepted, newest last; nothing is deduplicated, so that what came twice is seen twice.
final class Kept {
    private static final int MAX_COUNT = 10_000;
    private static final long MAX_BYTES = 64L << 20;

    private final Deque<Weighed> events = new ArrayDeque<>();
    private long bytes;

    private record Weighed(JsonNode event, int size) {}

    /// The size of an event is its share of the body it came in, which is near enough to bound memory.
    synchronized void add(List<JsonNode> accepted, int bodySize) {
        if (accepted.isEmpty()) {
            return;
        }
        int share = bodySize / accepted.size();
        for (var event : accepted) {
            events.addLast(new Weighed(event, share));
            bytes += share;
        }
        while (events.size() > MAX_COUNT || (bytes > MAX_BYTES && events.size() > 1)) {
            bytes -= events.removeFirst().size();
        }
    }

    synchronized List<JsonNode> all() {
        return events.stream().map(Weighed::event).toList();
    }

    synchronized void clear() {
        events.clear();
        bytes = 0;
    }
}
