package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The answers that may be asked for again by their id; the oldest go when there are too many or they are too big.
final class Stored {
    private static final int MAX_COUNT = 1_000;
    private static final long MAX_BYTES = 32L << 20;

    private final Map<String, Item> items = new LinkedHashMap<>();
    private long bytes;

    /// @param body  the answer as it was given when it was finished
    /// @param input what it answered
    record Item(String body, JsonNode input, int size) {}

    synchronized void keep(String id, String body, JsonNode input, int inputBytes) {
        remove(id);
        var item = new Item(body, input, body.length() + inputBytes);
        items.put(id, item);
        bytes += item.size;
        while (items.size() > MAX_COUNT || (bytes > MAX_BYTES && items.size() > 1)) {
            remove(items.keySet().iterator().next());
        }
    }

    synchronized Optional<Item> find(String id) {
        return Optional.ofNullable(items.get(id));
    }

    synchronized void remove(String id) {
        var item = items.remove(id);
        if (item != null) {
            bytes -= item.size;
        }
    }
}
