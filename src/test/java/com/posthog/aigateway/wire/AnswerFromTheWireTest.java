package com.posthog.aigateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.testing.FakeUpstream;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerFromTheWireTest {

    private final Asking asking = new Asking();

    @AfterEach
    void close() {
        asking.close();
    }

    private static FakeUpstream answering(String answer) {
        return new FakeUpstream(peer -> {
            peer.readRequest();
            peer.send(answer);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\n\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;ext=1\r\nllo\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
                "Connection: close\r\n\r\nhello"
            })
    void readsABodyOfEveryFraming(String rest) throws Exception {
        try (var provider = answering("HTTP/1.1 200 OK\r\n" + rest)) {
            assertThat(asking.whole(provider)).isEqualTo("hello");
        }
    }

    @Test
    void keepsFieldsInOrderSpellingAndNumber() throws Exception {
        try (var provider = answering(
                "HTTP/1.1 200 OK\r\nX-Twice: a\r\nrequest-id: r\r\nx-twice: b\r\nContent-Length: 0\r\n\r\n")) {
            try (var reply = asking.ask(provider)) {
                assertThat(reply.headers())
                        .isEqualTo(
                                Headers.of("X-Twice", "a", "request-id", "r", "x-twice", "b", "Content-Length", "0"));
                assertThat(reply.length()).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"302", "307", "401", "407", "408", "421", "429", "503"})
    void handsOnEveryStatusUntouchedAndAsksOnce(int status) throws Exception {
        try (var provider = answering("HTTP/1.1 " + status
                + " X\r\nLocation: /elsewhere\r\nRetry-After: 0\r\nWWW-Authenticate: Basic\r\n"
                + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw")) {
            try (var reply = asking.ask(provider)) {
                assertThat(reply.status()).isEqualTo(status);
                assertThat(Asking.read(reply)).isEqualTo("raw");
            }
            assertThat(provider.accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "103 Early Hints\r\nLink: x"})
    void passesOverWhatComesBeforeTheAnswer(String early) throws Exception {
        try (var provider = answering("HTTP/1.1 " + early + "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
            assertThat(asking.whole(provider)).isEqualTo("ok");
        }
    }

    @Test
    void hasNoBodyWhereThereIsNone() throws Exception {
        try (var provider = answering("HTTP/1.1 204 No Content\r\n\r\n")) {
            try (var reply = asking.ask(provider)) {
                assertThat(reply.length()).isZero();
                assertThat(reply.read(new byte[8], 0, () -> {})).isEqualTo(-1);
            }
        }
    }

    /// The library reads 4 KB at a time; what lies behind them can go out together with them.
    @Test
    void runsNothingBeforeWaitingWhileThereIsMoreToRead() throws Exception {
        var piece = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
        var sent = new CountDownLatch(1);
        try (var provider = new FakeUpstream(peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + piece.repeat(5) + "0\r\n\r\n");
            sent.countDown();
        })) {
            var waits = new AtomicInteger();
            try (var reply = asking.ask(provider)) {
                Latches.await(sent);
                var buffer = new byte[64 << 10];
                int length = 0;
                int count;
                while ((count = reply.read(buffer, length, waits::incrementAndGet)) >= 0) {
                    length += count;
                }
                assertThat(length).isEqualTo(5 * 0x1000);
            }
            assertThat(waits).hasValue(0);
        }
    }

    @Test
    void runsBeforeWaitingOnceForAllChunksOfOnePacket() throws Exception {
        var more = new CountDownLatch(1);
        try (var provider = new FakeUpstream(peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n");
            Latches.await(more);
            peer.send("1\r\nd\r\n0\r\n\r\n");
        })) {
            var read = new StringBuilder();
            var seenBeforeWaiting = new ArrayList<String>();
            try (var reply = asking.ask(provider)) {
                var buffer = new byte[64];
                int count;
                while ((count = reply.read(buffer, 0, () -> {
                            seenBeforeWaiting.add(read.toString());
                            if (read.toString().equals("abc")) {
                                more.countDown();
                            }
                        }))
                        >= 0) {
                    read.append(new String(buffer, 0, count, ISO_8859_1));
                }
            }
            // The provider sends the rest only after the first three were ready to go out: nothing was held back.
            assertThat(read).hasToString("abcd");
            assertThat(seenBeforeWaiting).contains("abc").doesNotContain("a", "ab");
        }
    }

    @Test
    void usesOneConnectionAgain() throws Exception {
        try (var provider = new FakeUpstream(peer -> {
            while (peer.readRequest()) {
                peer.answer("ok");
            }
        })) {
            for (int i = 0; i < 5; i++) {
                assertThat(asking.whole(provider)).isEqualTo("ok");
            }
            assertThat(provider.accepted()).isEqualTo(1);
            assertThat(asking.transport.open()).isEqualTo(1);
        }
    }

    @Test
    void usesNoConnectionAgainWhereTheLengthIsSaidInTwoWays() throws Exception {
        try (var provider = new FakeUpstream(peer -> {
            while (peer.readRequest()) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n");
                peer.send("2\r\nok\r\n0\r\n\r\n");
            }
        })) {
            for (int i = 0; i < 3; i++) {
                assertThat(asking.whole(provider)).isEqualTo("ok");
            }
            assertThat(provider.accepted()).isEqualTo(3);
        }
    }

    @Test
    void neverTakesLeftOverBytesForTheNextAnswer() throws Exception {
        FakeUpstream.Script tooMuch = peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL");
            peer.awaitLeaving();
        };
        try (var provider = new FakeUpstream(tooMuch)) {
            for (int i = 0; i < 5; i++) {
                assertThat(asking.whole(provider)).isEqualTo("good");
            }
        }
    }

    private static final String TOO_LARGE = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig";
    private static final String LARGE_BODY = "x".repeat(30_000_000);

    @Test
    void deliversAnAnswerThatComesBeforeTheBodyIsSent() throws Exception {
        var done = new CountDownLatch(1);
        try (var provider = new FakeUpstream(peer -> {
            peer.readHead();
            peer.send(TOO_LARGE);
            Latches.await(done);
        })) {
            assertThatTheAnswerComes(provider);
            done.countDown();
        }
    }

    @Test
    void deliversAnAnswerThatComesWhileTheBodyIsStuck() throws Exception {
        var done = new CountDownLatch(1);
        try (var provider = new FakeUpstream(peer -> {
            peer.readHead();
            peer.awaitStuckSender();
            peer.send(TOO_LARGE);
            Latches.await(done);
        })) {
            assertThatTheAnswerComes(provider);
            done.countDown();
        }
    }

    @Test
    void deliversAnEarlyAnswerThatIsFollowedByAReset() throws Exception {
        try (var provider = new FakeUpstream(peer -> {
            peer.readHead();
            peer.awaitStuckSender();
            // Closing with unread bytes resets the connection.
            peer.send(TOO_LARGE);
        })) {
            assertThatTheAnswerComes(provider);
        }
    }

    @Test
    void sendsNothingMoreOnAConnectionWhoseRequestWasNotSentWhole() throws Exception {
        var done = new CountDownLatch(1);
        FakeUpstream.Script early = peer -> {
            peer.readHead();
            peer.send(TOO_LARGE);
            Latches.await(done);
        };
        try (var provider = new FakeUpstream(early, peer -> {
            peer.readRequest();
            peer.answer("ok");
        })) {
            assertThatTheAnswerComes(provider);
            assertThat(asking.whole(provider)).isEqualTo("ok");
            assertThat(provider.accepted()).isEqualTo(2);
            done.countDown();
        }
    }

    private void assertThatTheAnswerComes(FakeUpstream provider) throws Exception {
        try (var reply = asking.transport.send(Asking.post(provider, LARGE_BODY), Asking.PATIENT, new Hangup())) {
            assertThat(reply.status()).isEqualTo(413);
            assertThat(Asking.read(reply)).isEqualTo("big");
        }
    }
}
