package com.posthog.aigateway.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.testing.FakeUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadTest {

    private static final FakeUpstream.Script ANSWERS = peer -> {
        while (peer.readRequest()) {
            peer.answer("{}");
        }
    };

    private static Question question(URI uri) {
        return Question.of(
                uri, "sk", new Question.Wish(Endpoint.CHAT_COMPLETIONS, "gpt", false, 10, Headers.of("x-one", "1")));
    }

    private static Result run(FakeUpstream upstream, double rate, Duration duration, int connections)
            throws InterruptedException {
        return Load.run(new Load.Plan(question(upstream.uri()), rate, duration, connections));
    }

    @Test
    void spreadsQuestionsEvenlyOverTheTime() {
        var schedule = Schedule.of(1_000, 200, Duration.ofSeconds(3));

        assertThat(schedule.count()).isEqualTo(600);
        assertThat(List.of(schedule.due(0), schedule.due(1), schedule.due(200), schedule.end()))
                .containsExactly(1_000L, 5_001_000L, 1_000_001_000L, 3_000_001_000L);
    }

    @Test
    void refusesARateOfNothing() {
        assertThatThrownBy(() -> Schedule.of(0, 0, Duration.ofSeconds(1))).hasMessageContaining("rate");
    }

    @Test
    void countsWhatIsAnswered() throws Exception {
        try (var upstream = new FakeUpstream(ANSWERS)) {
            var result = run(upstream, 100, Duration.ofMillis(500), 4);

            assertThat(result.sent()).isEqualTo(50);
            assertThat(result.ok()).isEqualTo(50);
            assertThat(result.errors()).isEmpty();
            assertThat(result.latency().count()).isEqualTo(50);
            assertThat(upstream.request())
                    .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
                    .contains("Authorization: Bearer sk\r\n", "x-one: 1\r\n", "\"stream\":false");
        }
    }

    /// One stall of 400 ms: who was due meanwhile waited too, though they were sent only after it.
    @Test
    void countsTheWaitingOfWhoCouldNotBeSent() throws Exception {
        try (var upstream = new FakeUpstream(peer -> {
            peer.readRequest();
            LockSupport.parkNanos(400_000_000);
            peer.answer("{}");
            ANSWERS.play(peer);
        })) {
            var result = run(upstream, 20, Duration.ofMillis(300), 1);

            assertThat(result.ok()).isEqualTo(6);
            // The last was due after 250 ms, and could go out after 400.
            assertThat(result.latency().p50()).isGreaterThan(Duration.ofMillis(200));
        }
    }

    @Test
    void namesErrorsByStatusAndByWhatBroke() throws Exception {
        try (var upstream = new FakeUpstream(
                peer -> {
                    peer.readRequest();
                    peer.send("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n");
                    peer.readRequest();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                },
                ANSWERS)) {
            var result = run(upstream, 20, Duration.ofMillis(200), 1);

            assertThat(result.errors()).containsEntry("429", 1L).containsEntry("EOFException", 1L);
            assertThat(result.ok()).isEqualTo(2);
            assertThat(result.lines()).contains("error 429      1");
        }
    }

    @Test
    void readsWhenEachEventWasSent() throws Exception {
        try (var upstream = new FakeUpstream(peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            chunk(peer, "data: {\"sent_nanos\":" + System.nanoTime() + "}\n\ndata: {\"sent_nan");
            chunk(peer, "os\":" + System.nanoTime() + "}\n\ndata: [DONE]\n\n");
            peer.send("0\r\n\r\n");
        })) {
            var result = run(upstream, 1, Duration.ofSeconds(1), 1);

            assertThat(result.ok()).isEqualTo(1);
            assertThat(result.eventDelay().count()).isEqualTo(2);
            assertThat(result.firstByte().count()).isEqualTo(1);
        }
    }

    private static void chunk(FakeUpstream.Peer peer, String text) throws IOException {
        peer.send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    @Test
    void findsStampsInAnyPieces() {
        var found = new ArrayList<Long>();
        var stamps = new Stamps(found::add);
        var text = "{\"\"sent_nanos\":700,\"sent_nanos\":900}".getBytes(StandardCharsets.US_ASCII);

        for (int i = 0; i < text.length; i++) {
            stamps.hear(text, i, i + 1, 1_000);
        }

        assertThat(found).containsExactly(300L, 100L);
    }

    @Test
    void knowsThisMachineFromAnother() {
        assertThat(Load.isHere("127.0.0.1")).isTrue();
        assertThat(Load.isHere("localhost")).isTrue();
        assertThat(Load.isHere("192.0.2.1")).isFalse();
    }
}
