package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The last requests that came, newest last; the oldest go when there are too many or they are too big.
final class Requests {
    private static final int MAX_COUNT = 10_000;
    private static final long MAX_BYTES = 64L << 20;
    private static final Set<String> SECRET = Set.of("authorization", "x-api-key", "api-key");

    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;

    /// One request whose ending is still to be told.
    static final class Entry {
        private final Received received;
        private volatile Received.Ending ending = Received.Ending.OPEN;

        private Entry(Received received) {
            this.received = received;
        }

        void end(Received.Ending how) {
            ending = how;
        }

        private Received snapshot() {
            return new Received(
                    received.method(), received.path(), received.query(), received.headers(), received.body(), ending);
        }

        private long size() {
            return 1_000L + received.body().length;
        }
    }

    Entry add(ServerRequest request, byte[] body) {
        var headers = new ArrayList<Map.Entry<String, String>>();
        for (var header : request.headers()) {
            header.allValues().forEach(value -> headers.add(Map.entry(header.name(), value)));
        }
        var prologue = request.prologue();
        var entry = new Entry(new Received(
                prologue.method().text(),
                prologue.uriPath().rawPath(),
                prologue.query().rawValue(),
                headers,
                body,
                Received.Ending.OPEN));
        keep(entry);
        return entry;
    }

    private synchronized void keep(Entry entry) {
        entries.addLast(entry);
        bytes += entry.size();
        while (entries.size() > MAX_COUNT || (bytes > MAX_BYTES && entries.size() > 1)) {
            bytes -= entries.removeFirst().size();
        }
    }

    synchronized List<Received> all() {
        return entries.stream().map(Entry::snapshot).toList();
    }

    /// How often the same was asked before.
    synchronized int countBefore(Entry entry) {
        int count = 0;
        for (var earlier : entries) {
            if (earlier == entry) {
                break;
            }
            boolean same = earlier.received.path().equals(entry.received.path())
                    && Arrays.equals(earlier.received.body(), entry.received.body());
            count += same ? 1 : 0;
        }
        return count;
    }

    synchronized void clear() {
        entries.clear();
        bytes = 0;
    }

    /// All of them as JSON, without the credentials.
    byte[] asJson() {
        var array = Json.array();
        all().forEach(received -> describe(received, array));
        return Json.bytes(array);
    }

    private static void describe(Received received, ArrayNode array) {
        ObjectNode node = array.addObject()
                .put("method", received.method())
                .put("path", received.path())
                .put("query", received.query())
                .put("ending", received.ending().name().toLowerCase(Locale.ROOT));
        var headers = node.putArray("headers");
        received.headers()
                .forEach(header -> headers.addObject()
                        .put("name", header.getKey())
                        .put("value", isSecret(header.getKey()) ? "***" : header.getValue()));
        node.put("body", new String(received.body(), UTF_8));
    }

    private static boolean isSecret(String name) {
        return SECRET.contains(name.toLowerCase(Locale.ROOT));
    }
}
