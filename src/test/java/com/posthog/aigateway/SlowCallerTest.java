package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Callers who stop reading, while their provider would never stop sending.
class SlowCallerTest {

    private static final String EVENT =
            "data: {\"model\":\"gpt-6-sol\",\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(4_000) + "\"}}]}\n\n";
    private static final String CHUNK = Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n";
    private static final String LAST = "data: [DONE]\n\n";
    private static final int MANY = 10_000;
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    /// What the kernel may hold of one stream: two sockets' buffers on each of its two ways, at their largest.
    private static final long BUFFERS = 64 << 20;

    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch cancelled = new CountDownLatch(1);

    @TempDir
    Path folder;

    @Test
    void holdsTheProviderBackUntilTheCallerLeavesAndThenCancelsIt() throws Exception {
        try (var provider = new FakeUpstream(this::flood);
                var rig = Rig.start(folder, "{}", provider.uri())) {
            try (var _ = call(rig)) {
                assertThat(awaitStuck()).isLessThan(BUFFERS);
            }

            assertThat(cancelled.await(1, TimeUnit.SECONDS)).isTrue();
            var receipt = rig.receipt();
            assertThat(receipt.ending()).isEqualTo(Ending.ABANDONED);
            assertThat(receipt.status()).isEqualTo(200);
            assertThat(receipt.cost().estimated()).isTrue();
            assertThat(receipt.cost().total().nanos()).isPositive();
            assertThat(receipt.reading().outputTokens()).isPositive();
            Eventually.get(rig.gateway::inFlight, inFlight -> inFlight == 0);
        }
    }

    @Test
    void doesNotCountASlowCallerAgainstTheProvider() throws Exception {
        try (var provider = new FakeUpstream(peer -> send(peer, MANY));
                var rig = Rig.start(folder, "timeouts: { idle: 300ms }", provider.uri());
                var caller = call(rig)) {
            awaitStuck();

            assertThat(caller.answer().body()).hasSize(MANY * EVENT.length() + LAST.length());
            assertThat(rig.receipt().ending()).isEqualTo(Ending.COMPLETE);
        }
    }

    @Test
    void holdsBackAnAnswerThatIsNotStreamedAsWell() throws Exception {
        try (var provider = new FakeUpstream(this::answerAtLength);
                var rig = Rig.start(folder, "{}", provider.uri())) {
            try (var _ = call(rig)) {
                assertThat(awaitStuck()).isLessThan(BUFFERS);
            }

            assertThat(cancelled.await(1, TimeUnit.SECONDS)).isTrue();
            assertThat(rig.receipt().ending()).isEqualTo(Ending.ABANDONED);
            assertThat(rig.receipt().cost().total().nanos()).isPositive();
            Eventually.get(rig.gateway::inFlight, inFlight -> inFlight == 0);
        }
    }

    @Test
    void endsAllTheSameWhenACallerDoesNotRead() throws Exception {
        try (var provider = new FakeUpstream(this::flood)) {
            var settings = "lifecycle: { drain_delay: 0s, drain: 200ms }";
            try (var rig = Rig.start(folder, settings, provider.uri());
                    var _ = call(rig)) {
                awaitStuck();

                rig.gateway.drain(true);

                assertThat(cancelled.await(1, TimeUnit.SECONDS)).isTrue();
            }
            try (var again = Rig.start(folder, settings, provider.uri())) {
                assertThat(again.receipt().ending()).isEqualTo(Ending.INCOMPLETE);
                assertThat(again.receipt().cost().total().nanos()).isPositive();
            }
        }
    }

    /// Sends until it is cancelled.
    private void flood(FakeUpstream.Peer peer) throws IOException {
        try {
            send(peer, Integer.MAX_VALUE);
        } finally {
            cancelled.countDown();
        }
    }

    /// Tells the length of its answer, and is cancelled before it is over.
    private void answerAtLength(FakeUpstream.Peer peer) throws IOException {
        peer.readRequest();
        peer.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{\"id\":\"");
        try {
            for (long left = 900_000_000; left > 0; left -= EVENT.length()) {
                peer.send("x".repeat(EVENT.length()));
                sent.addAndGet(EVENT.length());
            }
        } finally {
            cancelled.countDown();
        }
    }

    private void send(FakeUpstream.Peer peer, int events) throws IOException {
        peer.readRequest();
        peer.send(HEAD);
        for (int i = 0; i < events; i++) {
            peer.send(CHUNK);
            sent.addAndGet(CHUNK.length());
        }
        peer.send("e\r\n" + LAST + "\r\n0\r\n\r\n");
    }

    /// A caller with little room, who has asked and does not read.
    private static RawHttp call(Rig rig) throws IOException {
        var body = "{\"model\":\"gpt-6-sol\",\"stream\":true,\"messages\":[]}";
        return new RawHttp(rig.gateway.port(), 16 << 10)
                .send("POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + Rig.KEY
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /// Waits until nothing goes on any more; how much the provider could send until then.
    private long awaitStuck() {
        var seen = new AtomicLong(-1);
        return Eventually.get(
                () -> {
                    LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
                    return sent.get();
                },
                now -> now > 0 && now == seen.getAndSet(now));
    }
}
