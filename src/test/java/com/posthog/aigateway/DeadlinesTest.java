package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Callers who send so slowly, or take so slowly, that nobody can wait for them.
@Timeout(60)
class DeadlinesTest {

    private static final String CHAT =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + Rig.KEY + "\r\n";
    private static final String GOOD = "{\"model\":\"gpt-5-mini\",\"messages\":[]}";
    private static final Duration BETWEEN_BYTES = Duration.ofMillis(50);

    @TempDir
    static Path folder;

    private static Rig rig;

    @BeforeAll
    static void open() {
        rig = Rig.start(folder, "server: { head: 1s, body: 1s, keep_alive: 1s }");
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"POST /v1/chat/completions HTTP/1.1", "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nX: "})
    void closesOnAHeadThatComesByteByByte(String begun) throws Exception {
        try (var caller = rig.connect()) {
            caller.send(begun);

            assertThat(drip(caller, "a")).isBetween(0.5, 10.0);
            assertThat(caller.next(false)).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n400\r\n{"})
    void saysThatABodyCameTooSlowly(String begun) throws Exception {
        int before = rig.mock.received().size();
        try (var caller = rig.connect()) {
            caller.send(CHAT + begun);
            Thread.startVirtualThread(() -> drip(caller, " "));

            var answer = caller.answer();

            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("\"code\":\"request_timeout\"", "the body did not come within 1 s");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(answer.header("x-request-id")).hasSize(36);
            assertThat(caller.next(false)).isNull();
        }
        assertThat(rig.mock.received()).hasSize(before);
    }

    @Test
    void saysSoInTheDialectOfThePath() throws Exception {
        try (var caller = rig.connect()) {
            caller.send(CHAT.replace("chat/completions", "messages") + "Content-Length: 1000\r\n\r\n{");

            assertThat(caller.answer().body()).contains("\"type\":\"error\"", "request_id");
        }
    }

    @Test
    void countsEachBodyAnew() throws Exception {
        try (var caller = rig.connect()) {
            for (int i = 0; i < 3; i++) {
                caller.send(CHAT + "Content-Length: " + GOOD.length() + "\r\n\r\n");
                LockSupport.parkNanos(Duration.ofMillis(450).toNanos());

                assertThat(caller.send(GOOD).answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void doesNotServeWhatFollowsABodyThatCameTooSlowly() throws Exception {
        try (var caller = rig.connect()) {
            caller.send(CHAT + "Content-Length: 10\r\n\r\n{");
            assertThat(caller.answer().status()).isEqualTo(408);

            caller.send("12345678}" + CHAT + "Content-Length: " + GOOD.length() + "\r\n\r\n" + GOOD);

            assertThat(caller.next(false)).isNull();
        }
    }

    @Test
    void closesAConnectionThatNobodyUses() throws Exception {
        try (var fresh = rig.connect();
                var used = rig.connect()) {
            used.send(CHAT + "Content-Length: " + GOOD.length() + "\r\n\r\n" + GOOD);
            assertThat(used.answer().status()).isEqualTo(200);

            assertThat(used.next(false)).isNull();
            assertThat(fresh.next(false)).isNull();
        }
    }

    @Test
    void letsALongAnswerTakeItsTime() throws Exception {
        try (var caller = rig.connect()) {
            var body = "{\"model\":\"mock-words=4,chunk-gap=400ms\",\"stream\":true,\"messages\":[]}";
            caller.send(CHAT + "Content-Length: " + body.length() + "\r\n\r\n" + body);

            assertThat(caller.answer().body()).contains("[DONE]");
        }
    }

    @Test
    void breaksOffAnAnswerThatItsCallerDoesNotTake(@TempDir Path other) throws Exception {
        var event = "data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(4_000) + "\"}}]}\n\n";
        var chunk = Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
        try (var provider = new FakeUpstream(peer -> {
                    peer.readRequest();
                    peer.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                    while (true) {
                        peer.send(chunk);
                    }
                });
                var slow = Rig.start(
                        Files.createDirectories(other.resolve("slow")), "server: { unread: 1s }", provider.uri());
                var caller = new RawHttp(slow.gateway.port(), 16 << 10)) {
            var body = GOOD.replace("{\"model\"", "{\"stream\":true,\"model\"");
            caller.send(CHAT + "Content-Length: " + body.length() + "\r\n\r\n" + body);

            assertThat(slow.receipt().ending()).isEqualTo(Ending.ABANDONED);
            Eventually.get(slow.gateway::inFlight, inFlight -> inFlight == 0);
        }
    }

    /// Sends a byte now and then until the other side has had enough; the seconds that it took.
    private static double drip(RawHttp caller, String one) {
        long begin = System.nanoTime();
        try {
            while (System.nanoTime() - begin < Duration.ofSeconds(20).toNanos()) {
                caller.send(one);
                LockSupport.parkNanos(BETWEEN_BYTES.toNanos());
            }
        } catch (IOException closed) {
            // That is what is waited for.
        }
        return (System.nanoTime() - begin) / 1e9;
    }
}
