package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.Proof;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A crowd that sends a byte per second, and one that takes a byte per second, do no harm to others.
@Timeout(300)
class SlowCrowdTest {

    private static final int SENDERS = Proof.cases(100, 200);

    /// The system alone holds megabytes for each of them before the gateway has to wait.
    private static final int TAKERS = Proof.cases(25, 100);
    private static final Duration WHILE = Duration.ofSeconds(Proof.cases(2, 30));
    private static final Duration HEAD = Duration.ofSeconds(3);
    private static final int OTHERS = 4;
    private static final long MOST_HEAP_EACH = 256 << 10;
    private static final String EVENT =
            "data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(4_000) + "\"}}]}\n\n";
    private static final int EVENTS = 2_000;
    private static final String ANSWER = "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[],"
            + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";

    @TempDir
    Path folder;

    @Test
    void harmsNobodyElse() throws Exception {
        try (var provider = new FakeUpstream(SlowCrowdTest::serve);
                var rig = Rig.start(
                        folder,
                        // What is kept of an answer for its event is as large as the system lets the answer run ahead.
                        "{ server: { head: %ds, body: %ds }, events: { content: none } }"
                                .formatted(HEAD.toSeconds(), HEAD.toSeconds()),
                        provider.uri())) {
            measured(rig, WHILE.dividedBy(2));
            var before = measured(rig, WHILE);
            long heapBefore = heap();
            try (var crowd = new Crowd(rig)) {
                Eventually.get(rig.gateway::inFlight, inFlight -> inFlight >= SENDERS + TAKERS);
                long each = (heap() - heapBefore) / (2L * SENDERS + TAKERS);

                var during = measured(rig, WHILE.plus(HEAD));

                Proof.tell("others before: " + figures(before));
                Proof.tell("others during: " + figures(during));
                Proof.tell(
                        "%d senders of a head and as many of a body, %d takers, %d bytes of heap each; %d senders closed"
                                .formatted(SENDERS, TAKERS, each, crowd.closed.get()));
                assertThat(rig.gateway.inFlight())
                        .as("answers that wait to be taken")
                        .isEqualTo(TAKERS);
                assertThat(during.size()).as("calls served").isGreaterThan(before.size() / 10);
                assertThat(percentile(during, 99))
                        .isLessThan(Duration.ofSeconds(2).toNanos());
                assertThat(each).as("bytes of heap for each slow caller").isLessThan(MOST_HEAP_EACH);
                Eventually.get(crowd.closed::get, closed -> closed == 2 * SENDERS);
            }
            Eventually.get(rig.gateway::inFlight, inFlight -> inFlight == 0);
        }
    }

    /// Answers at once, or with a stream of eight megabytes.
    private static void serve(FakeUpstream.Peer peer) throws IOException {
        while (peer.readRequest()) {
            if (!peer.last().contains("\"stream\":true")) {
                peer.answer(ANSWER);
                continue;
            }
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < EVENTS; i++) {
                peer.send(Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n");
            }
            peer.send("e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");
        }
    }

    private static String call(String rest) {
        var body = "{\"model\":\"gpt-5-mini\",\"messages\":[]" + rest + "}";
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + Rig.KEY
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /// How long calls of others take, in nanoseconds, in order.
    private static List<Long> measured(Rig rig, Duration time) throws InterruptedException {
        var took = new ConcurrentLinkedQueue<Long>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < OTHERS; i++) {
            threads.add(Thread.startVirtualThread(() -> ask(rig, time, took)));
        }
        for (var thread : threads) {
            thread.join();
        }
        return took.stream().sorted().toList();
    }

    private static void ask(Rig rig, Duration time, ConcurrentLinkedQueue<Long> took) {
        long until = System.nanoTime() + time.toNanos();
        try (var http = rig.connect()) {
            while (System.nanoTime() < until) {
                long begin = System.nanoTime();
                int status = http.send(call("")).answer().status();
                took.add(status == 200 ? System.nanoTime() - begin : Long.MAX_VALUE);
                LockSupport.parkNanos(2_000_000);
            }
        } catch (IOException broken) {
            took.add(Long.MAX_VALUE);
        }
    }

    private static long percentile(List<Long> sorted, int percent) {
        return sorted.get((sorted.size() - 1) * percent / 100);
    }

    private static String figures(List<Long> sorted) {
        return "%d calls, p50 %.2f ms, p99 %.2f ms"
                .formatted(sorted.size(), percentile(sorted, 50) / 1e6, percentile(sorted, 99) / 1e6);
    }

    /// What is held: the least of a few looks, because much is made and forgotten meanwhile.
    private static long heap() {
        var runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
            LockSupport.parkNanos(100_000_000);
        }
        return least;
    }

    /// All who are slow, until they are closed.
    private static final class Crowd implements AutoCloseable {

        private final List<RawHttp> callers = new ArrayList<>();
        private final AtomicInteger closed = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();

        private Crowd(Rig rig) throws IOException {
            var call = call("");
            for (int i = 0; i < TAKERS; i++) {
                take(new RawHttp(rig.gateway.port(), 16 << 10).send(call(",\"stream\":true")));
            }
            for (int i = 0; i < SENDERS; i++) {
                send(new RawHttp(rig.gateway.port()).send(call.substring(0, 40)));
                send(new RawHttp(rig.gateway.port()).send(call.substring(0, call.length() - 20)));
            }
        }

        private void send(RawHttp caller) {
            callers.add(caller);
            Thread.startVirtualThread(() -> {
                try {
                    while (!over.get()) {
                        caller.send("x");
                        LockSupport.parkNanos(1_000_000_000);
                    }
                } catch (IOException ended) {
                    closed.incrementAndGet();
                }
            });
        }

        private void take(RawHttp caller) {
            callers.add(caller);
            Thread.startVirtualThread(() -> {
                try {
                    while (!over.get()) {
                        caller.readUntil("x");
                        LockSupport.parkNanos(1_000_000_000);
                    }
                } catch (IOException ended) {
                    // By the test.
                }
            });
        }

        @Override
        public void close() throws IOException {
            over.set(true);
            for (var caller : callers) {
                caller.close();
            }
        }
    }
}
