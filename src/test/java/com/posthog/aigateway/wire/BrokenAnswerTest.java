package com.posthog.aigateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.testing.FakeUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokenAnswerTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Asking asking = new Asking();

    @AfterEach
    void close() {
        asking.close();
    }

    private Unanswered unanswered(FakeUpstream provider, Patience patience) {
        return catchThrowableOfType(Unanswered.class, () -> asking.ask(provider, patience, new Hangup()));
    }

    private static Reply.Broken broken(Reply reply) {
        return catchThrowableOfType(Reply.Broken.class, () -> Asking.read(reply));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 200 O",
                "HTTP/1.1 200 OK\r\n",
                "this is not HTTP\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                ""
            })
    void takesNoHeadThatIsNotWhole(String sent) throws IOException {
        try (var provider = new FakeUpstream(peer -> {
            peer.readRequest();
            peer.send(sent);
        })) {
            assertThat(unanswered(provider, Asking.PATIENT).how()).isEqualTo(Unanswered.How.BROKEN);
            assertThat(provider.accepted()).isEqualTo(1);
        }
        assertThat(asking.transport.open()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 9\r\n\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\n9\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5"
            })
    void tellsABodyThatIsCutOff(String rest) throws Exception {
        try (var provider = new FakeUpstream(peer -> {
                    peer.readRequest();
                    peer.send("HTTP/1.1 200 OK\r\n" + rest);
                });
                var reply = asking.ask(provider)) {
            assertThat(broken(reply).how()).isEqualTo(Reply.Broken.How.CUT_OFF);
        }
        assertThat(asking.transport.open()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9", "Transfer-Encoding: chunked", "Connection: close"})
    void tellsAReset(String framing) throws Exception {
        var headIsHere = new CountDownLatch(1);
        try (var provider = new FakeUpstream(peer -> {
                    peer.readRequest();
                    peer.send("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n");
                    Latches.await(headIsHere);
                    peer.reset();
                });
                var reply = asking.ask(provider)) {
            headIsHere.countDown();

            assertThat(broken(reply).how()).isEqualTo(Reply.Broken.How.CUT_OFF);
        }
    }

    @Test
    void tellsAResetBeforeTheHead() throws Exception {
        try (var provider = new FakeUpstream(peer -> {
            peer.readRequest();
            peer.reset();
        })) {
            assertThat(unanswered(provider, Asking.PATIENT).how()).isEqualTo(Unanswered.How.BROKEN);
        }
    }

    @Test
    void doesNotWaitLongerForAHead() throws Exception {
        try (var provider = new FakeUpstream(peer -> {
            peer.readRequest();
            peer.awaitLeaving();
        })) {
            long start = System.nanoTime();
            var unanswered = unanswered(provider, new Patience(SHORT, LONG, null));

            assertThat(unanswered.how()).isEqualTo(Unanswered.How.TIMED_OUT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusMillis(1000));
            assertThat(provider.left(1, 1000)).isTrue();
        }
    }

    @Test
    void tellsASilentBody() throws Exception {
        try (var provider = streaming("5\r\nhello\r\n");
                var reply = asking.ask(provider, new Patience(LONG, SHORT, null), new Hangup())) {
            assertThat(broken(reply).how()).isEqualTo(Reply.Broken.How.IDLE);
            assertThat(provider.left(1, 1000)).isTrue();
        }
    }

    @Test
    void doesNotCountTheTimeThatTheCallerTakes() throws Exception {
        try (var provider = new FakeUpstream(peer -> {
                    peer.readRequest();
                    peer.answer("hello");
                    peer.awaitLeaving();
                });
                var reply = asking.ask(provider, new Patience(SHORT, SHORT, null), new Hangup())) {
            assertThat(provider.left(1, SHORT.toMillis() * 3)).isFalse();
            assertThat(Asking.read(reply)).isEqualTo("hello");
        }
    }

    @Test
    void tellsAnAnswerThatTakesTooLong() throws Exception {
        try (var provider = streaming("5\r\nhello\r\n");
                var reply = asking.ask(provider, new Patience(LONG, LONG, SHORT), new Hangup())) {
            assertThat(broken(reply).how()).isEqualTo(Reply.Broken.How.TOO_LONG);
        }
    }

    private static FakeUpstream streaming(String chunks) {
        return new FakeUpstream(peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
            peer.awaitLeaving();
        });
    }

    @Test
    void saysThatNothingWasSentWhereNobodyListens() throws Exception {
        URI nobody;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
        var request = new UpstreamRequest("POST", nobody, "/", Headers.NONE, List.of());

        var unanswered = catchThrowableOfType(
                Unanswered.class, () -> asking.transport.send(request, Asking.PATIENT, new Hangup()));

        assertThat(unanswered.how()).isEqualTo(Unanswered.How.NOT_CONNECTED);
    }

    @Test
    void tellsAPooledConnectionThatClosesUnderARequest() throws Exception {
        try (var provider = new FakeUpstream(
                peer -> {
                    peer.readRequest();
                    peer.answer("first");
                    peer.readRequest();
                },
                peer -> {
                    peer.readRequest();
                    peer.answer("fresh");
                })) {
            assertThat(asking.whole(provider)).isEqualTo("first");
            assertThat(unanswered(provider, Asking.PATIENT).how()).isEqualTo(Unanswered.How.CLOSED_IDLE);
            assertThat(asking.whole(provider)).isEqualTo("fresh");
        }
    }

    @Test
    void neverGivesAWrongAnswerWhereEveryConnectionClosesAfterOne() throws Exception {
        try (var provider = new FakeUpstream(peer -> {
            peer.readRequest();
            peer.answer("ok");
        })) {
            for (int i = 0; i < 30; i++) {
                try {
                    assertThat(asking.whole(provider)).isEqualTo("ok");
                } catch (Unanswered closed) {
                    assertThat(closed.how()).isEqualTo(Unanswered.How.CLOSED_IDLE);
                }
            }
        }
    }

    @Test
    void leavesPatienceToPatience() {
        assertThat(ApacheUpstream.sockets().getSoTimeout().isDisabled()).isTrue();
    }
}
