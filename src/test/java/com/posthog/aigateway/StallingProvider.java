package com.posthog.aigateway;

import com.posthog.aigateway.testing.FakeUpstream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// A provider that never ends an answer, and knows to the nanosecond when it was asked and when it was left.
///
/// The header `x-call` names the call, `x-words` says how many events come before the silence, and `x-gap` that no
/// silence comes but a pause of so many milliseconds between the events.
final class StallingProvider implements AutoCloseable {

    private static final Pattern HEADER = Pattern.compile("(?im)^x-(call|words|gap): *(\\d+)");
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

    private final FakeUpstream upstream = new FakeUpstream(this::play);
    private final Map<Integer, CountDownLatch> latches = new ConcurrentHashMap<>();
    private final Map<Integer, Long> asked = new ConcurrentHashMap<>();
    private final Map<Integer, Long> left = new ConcurrentHashMap<>();

    URI uri() {
        return upstream.uri();
    }

    void awaitAsked(int call) throws InterruptedException {
        if (!latch(call).await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the provider was never asked for call " + call);
        }
    }

    private CountDownLatch latch(int call) {
        return latches.computeIfAbsent(call, _ -> new CountDownLatch(1));
    }

    int asked() {
        return asked.size();
    }

    boolean wasLeftByAll() {
        return left.keySet().containsAll(asked.keySet());
    }

    /// How long it took until a call ended here after its caller had left, in nanoseconds; empty where it never came.
    OptionalLong sinceLeaving(int call, long callerLeft) {
        var came = asked.get(call);
        var ended = left.get(call);
        return came == null || ended == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, ended - Math.max(came, callerLeft)));
    }

    private void play(FakeUpstream.Peer peer) throws IOException {
        var head = peer.readHead();
        if (head.isEmpty()) {
            return;
        }
        var length = LENGTH.matcher(head);
        peer.skip(length.find() ? Integer.parseInt(length.group(1)) : 0);
        var headers = new ConcurrentHashMap<String, Integer>();
        HEADER.matcher(head).results().forEach(found -> headers.put(found.group(1), Integer.valueOf(found.group(2))));
        int call = headers.getOrDefault("call", -1);
        asked.put(call, System.nanoTime());
        latch(call).countDown();
        var watcher = Thread.startVirtualThread(() -> {
            peer.awaitLeaving();
            left.put(call, System.nanoTime());
        });
        talk(peer, head, headers.getOrDefault("words", 0), headers.getOrDefault("gap", 0));
        join(watcher);
    }

    private static void talk(FakeUpstream.Peer peer, String head, int words, int gap) throws IOException {
        if (words == 0) {
            return;
        }
        peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < words || gap > 0; i++) {
            var event = event(head, i);
            try {
                peer.send(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
            } catch (IOException gone) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(gap).toNanos());
        }
    }

    private static String event(String head, int number) {
        if (head.startsWith("POST /v1/chat")) {
            return "data: {\"model\":\"gpt-6-sol\",\"choices\":[{\"delta\":{\"content\":\"word\"}}]}\n\n";
        } else if (head.startsWith("POST /v1/responses")) {
            return """
                    event: response.output_text.delta
                    data: {"type":"response.output_text.delta","delta":"word"}

                    """;
        } else if (number == 0) {
            return "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\","
                    + "\"model\":\"claude-sonnet-5-5\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\n";
        }
        return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":"
                + "{\"type\":\"text_delta\",\"text\":\"word\"}}\n\n";
    }

    private static void join(Thread watcher) {
        try {
            watcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        upstream.close();
    }
}
