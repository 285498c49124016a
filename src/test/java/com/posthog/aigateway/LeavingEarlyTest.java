package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.mock.Received;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Callers who leave before their call is under way, or while their bytes are.
class LeavingEarlyTest {

    private static final long A_SECOND = 1_000;

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.start(folder);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void forgetsACallerWhoConnectsAndLeaves() throws IOException {
        for (int i = 0; i < 20; i++) {
            rig.connect().close();
        }

        assertOnlyTheNextCallIsSeen();
    }

    @Test
    void forgetsACallerWhoLeavesInTheMiddleOfAHead() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (var caller = rig.connect()) {
                caller.send("POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bea");
            }
        }

        assertOnlyTheNextCallIsSeen();
    }

    @Test
    void asksNobodyForACallerWhoLeavesInTheMiddleOfABody() throws IOException {
        try (var caller = rig.connect()) {
            caller.send(head(1_000)).send("{\"model\":\"gpt-6-sol\",\"messages\":[");
        }

        var receipt = rig.receipt();
        assertThat(receipt.ending()).isEqualTo(Ending.REFUSED);
        assertThat(receipt.cost().total().nanos()).isZero();
        assertThat(receipt.attempts()).isEmpty();
        assertThat(rig.mock.received()).isEmpty();
        assertNoneInFlight();
    }

    @Test
    void chargesNothingWhereTheCallerLeavesBeforeAProviderIsReached() throws Exception {
        try (var crowded = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var crowd = new Crowd(crowded.getLocalPort());
                var other = Rig.start(
                        Files.createDirectory(folder.resolve("other")),
                        "{}",
                        URI.create("http://127.0.0.1:" + crowded.getLocalPort()))) {
            assumeTrue(crowd.isTooLarge(), "this system takes connections beyond the backlog");
            try (var caller = other.connect()) {
                send(caller, "gpt-6-sol");
                Eventually.get(() -> other.gateway.inFlight(), inFlight -> inFlight == 1);
            }

            long left = System.nanoTime();
            Eventually.get(() -> other.gateway.inFlight(), inFlight -> inFlight == 0);
            assertThat((System.nanoTime() - left) / 1_000_000).isLessThan(A_SECOND);
            var receipt = other.receipt();
            assertThat(receipt.ending()).isEqualTo(Ending.ABANDONED);
            assertThat(receipt.cost().total().nanos()).isZero();
        }
    }

    @Test
    void cancelsAProviderThatDoesNotReadWhenTheCallerLeaves() throws Exception {
        var stuck = new CountDownLatch(1);
        try (var provider = new FakeUpstream(peer -> {
                    peer.readHead();
                    peer.awaitStuckSender();
                    stuck.countDown();
                    peer.awaitLeaving();
                });
                var other = Rig.start(Files.createDirectory(folder.resolve("other")), "{}", provider.uri())) {
            try (var caller = other.connect()) {
                var body = "{\"model\":\"gpt-6-sol\",\"stream\":true,\"messages\":[\"" + "x".repeat(24 << 20) + "\"]}";
                caller.send(head(body.length())).send(body);
                assertThat(stuck.await(20, TimeUnit.SECONDS)).isTrue();
            }

            assertThat(provider.left(1, A_SECOND)).isTrue();
            assertAbandoned(other.receipt());
        }
    }

    @Test
    void noticesTheLeavingOfACallerWhoHasSentMore() throws IOException {
        try (var caller = rig.connect()) {
            send(caller, "mock-silent");
            awaitAsked();
            caller.send("\r\nPOST /v1/messages HTTP/1.1\r\nHost: gateway\r\n");
        }

        long left = System.nanoTime();
        Eventually.get(() -> rig.mock.received().getFirst().ending(), Received.Ending.CLIENT_GONE::equals);
        assertThat((System.nanoTime() - left) / 1_000_000).isLessThan(A_SECOND);
        assertAbandoned(rig.receipt());
        assertNoneInFlight();
    }

    @Test
    void cancelsAProviderInTheMiddleOfItsWords() throws IOException {
        try (var caller = rig.connect()) {
            send(caller, "mock-words=100000,chunk-gap=5ms");
            assertThat(caller.head().status()).isEqualTo(200);
        }

        Eventually.get(() -> rig.mock.received().getFirst().ending(), Received.Ending.CLIENT_GONE::equals);
        assertAbandoned(rig.receipt());
        assertNoneInFlight();
    }

    /// Takes all places in the queue of a server that accepts nobody.
    private static final class Crowd implements AutoCloseable {

        private static final int ENOUGH = 20;

        private final List<Socket> sockets = new ArrayList<>();
        private boolean tooLarge;

        Crowd(int port) throws IOException {
            while (!tooLarge && sockets.size() < ENOUGH) {
                var socket = new Socket();
                sockets.add(socket);
                try {
                    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 300);
                } catch (SocketTimeoutException full) {
                    tooLarge = true;
                }
            }
        }

        boolean isTooLarge() {
            return tooLarge;
        }

        @Override
        public void close() throws IOException {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    private void assertOnlyTheNextCallIsSeen() throws IOException {
        try (var caller = rig.connect()) {
            send(caller, "gpt-6-sol");
            assertThat(caller.answer().status()).isEqualTo(200);
        }
        assertThat(rig.receipt().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(rig.mock.received()).hasSize(1);
        assertNoneInFlight();
    }

    private static void send(RawHttp caller, String model) throws IOException {
        var body = "{\"model\":\"" + model + "\",\"stream\":true,\"messages\":[]}";
        caller.send(head(body.length()) + body);
    }

    private static String head(int length) {
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + Rig.KEY
                + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private void awaitAsked() {
        Eventually.get(() -> rig.mock.received().size(), size -> size == 1);
    }

    private void assertNoneInFlight() {
        Eventually.get(() -> rig.gateway.inFlight(), inFlight -> inFlight == 0);
    }

    private static void assertAbandoned(Receipt receipt) {
        assertThat(receipt.ending()).isEqualTo(Ending.ABANDONED);
        assertThat(receipt.cost().estimated()).isTrue();
        assertThat(receipt.cost().total().nanos()).isPositive();
    }
}
