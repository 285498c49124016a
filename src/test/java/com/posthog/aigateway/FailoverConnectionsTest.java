package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.testing.Certificates;
import com.posthog.aigateway.testing.FakeClock;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Primaries that cannot be reached, that never begin, and that begin and then say nothing: in each shape, streamed and
/// not. What has to be waited for is asked all at once, before the first test.
class FailoverConnectionsTest {

    /// Whom the gateway finds where its primary should be.
    enum Peer {
        /// Nobody listens there.
        ABSENT,
        /// A name that no resolver knows.
        NAMELESS,
        /// It speaks HTTP where TLS was asked for.
        WITHOUT_TLS,
        /// Its certificate is signed by nobody whom we trust.
        UNTRUSTED,
        /// It hangs up in the middle of a handshake.
        ENDS_HANDSHAKE,
        /// It never answers a handshake.
        SILENT_HANDSHAKE,
        /// It takes the request and never answers.
        SILENT,
        /// It never sends the end of an answer that is not streamed.
        HALF_SILENT;

        boolean isConnected() {
            return this == SILENT || this == HALF_SILENT;
        }

        String play() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// @param repeats true where the target says that a whole answer that came too late may be asked for again
    record Case(Peer peer, String path, boolean stream, boolean repeats, String fallback) {

        @Override
        public String toString() {
            return path + (stream ? " streamed, " : " whole, ") + peer.play() + (repeats ? ", repeats" : "") + ", then "
                    + fallback;
        }

        boolean moves() {
            return !peer.isConnected() || stream || repeats;
        }

        String why() {
            return peer.isConnected() ? "timed_out" : "unreachable";
        }

        private String model() {
            boolean messages = path.equals(FailoverRig.MESSAGES);
            return repeats ? (messages ? "late-c" : "late") : (messages ? "c" : "m");
        }

        String request() {
            var body = FailoverRig.body(path, stream, "")
                    .replaceFirst("\"model\":\"[^\"]*\"", "\"model\":\"" + model() + "\"");
            return FailoverRig.request(path, body, "x-primary: " + peer.play(), "x-fallback: " + fallback);
        }
    }

    private static final List<String> PATHS = List.of(FailoverRig.CHAT, FailoverRig.RESPONSES, FailoverRig.MESSAGES);
    private static final List<String> FALLBACKS = List.of("ok", "status=500", "close");

    static Stream<Case> cases() {
        var cases = new ArrayList<Case>();
        for (var peer : Peer.values()) {
            for (var path : PATHS) {
                for (boolean stream : peer == Peer.HALF_SILENT ? List.of(false) : List.of(false, true)) {
                    for (boolean repeats : peer.isConnected() && !stream ? List.of(false, true) : List.of(false)) {
                        for (var fallback : FALLBACKS) {
                            cases.add(new Case(peer, path, stream, repeats, fallback));
                        }
                    }
                }
            }
        }
        // Where nobody else is asked, it is the same whatever the other would say.
        return cases.stream().filter(it -> it.moves() || it.fallback().equals("ok"));
    }

    private record Pair(Peer peer, String fallback) {}

    private record Seen(RawHttp.Answer answer, Receipt receipt) {}

    @TempDir
    static Path home;

    private static final PlayedProvider PLAYED = new PlayedProvider("primary");
    private static final PlayedProvider FALLBACK = new PlayedProvider("fallback");
    private static final Semaphore GO_ON = new Semaphore(0);
    private static final FakeUpstream PAUSING = new FakeUpstream(FailoverConnectionsTest::pause);

    private static final Map<Pair, FailoverRig> RIGS = new HashMap<>();
    private static final Map<Case, Future<Seen>> ASKED = new HashMap<>();
    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static @Nullable FailoverRig pausing;
    private static int told;

    @BeforeAll
    static void ask() throws Exception {
        for (var peer : Peer.values()) {
            var primary = peer(peer);
            for (var fallback : FALLBACKS) {
                // Each has breakers of its own, which so few calls do not open.
                var name = peer.name() + FALLBACKS.indexOf(fallback);
                var rig = start(name, primary, "{ connect: 1s, first_byte: 2s, whole_answer: 2s }");
                RIGS.put(new Pair(peer, fallback), rig);
            }
        }
        pausing = start("pausing", PAUSING.uri(), "{ preamble: 100ms }");
        var callers = Executors.newVirtualThreadPerTaskExecutor();
        OPEN.add(callers::shutdownNow);
        cases().forEach(it -> ASKED.put(it, callers.submit((Callable<Seen>) () -> asked(it))));
    }

    private static FailoverRig start(String name, URI primary, String timeouts) throws IOException {
        var rig = FailoverRig.start(
                Files.createDirectory(home.resolve(name)),
                primary,
                FALLBACK.uri(),
                new FakeClock(Instant.parse("2026-06-01T00:00:00Z")),
                "timeouts: " + timeouts);
        OPEN.add(rig);
        return rig;
    }

    private static URI peer(Peer peer) throws Exception {
        return switch (peer) {
            case SILENT, HALF_SILENT -> PLAYED.uri();
            case ABSENT -> {
                // It has the port, so that nobody else can come to listen there.
                var taken = new Socket();
                OPEN.add(taken);
                taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                yield URI.create("http://127.0.0.1:" + taken.getLocalPort());
            }
            // So long a label is no name at all, and no network is asked for it.
            case NAMELESS -> URI.create("http://" + "a".repeat(70) + ".invalid");
            case WITHOUT_TLS -> tls(new FakeUpstream(it -> it.send("HTTP/1.1 400 Bad Request\r\n\r\n")));
            case UNTRUSTED -> {
                var certificate = Certificates.of(home, "ip:127.0.0.1", "-1d", 10);
                yield tls(new FakeUpstream(certificate.server().getServerSocketFactory(), it -> it.readRequest()));
            }
            case ENDS_HANDSHAKE -> tls(new FakeUpstream(it -> it.skip(5)));
            case SILENT_HANDSHAKE -> tls(new FakeUpstream(FakeUpstream.Peer::awaitLeaving));
        };
    }

    private static URI tls(FakeUpstream upstream) {
        OPEN.add(upstream);
        return URI.create("https://127.0.0.1:" + upstream.uri().getPort());
    }

    private static Seen asked(Case it) throws IOException {
        var rig = Objects.requireNonNull(RIGS.get(new Pair(it.peer(), it.fallback())));
        try (var caller = new RawHttp(rig.gateway.port())) {
            var answer = caller.send(it.request()).answer();
            return new Seen(answer, rig.receipt(answer));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (var open : OPEN.reversed()) {
            open.close();
        }
        PAUSING.close();
        PLAYED.close();
        FALLBACK.close();
        System.out.println("failover: " + told + " cases of connections and silence");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void asksTheNextUnlessTheFirstMayStillBeAtWork(Case it) throws Exception {
        told++;
        var seen = Objects.requireNonNull(ASKED.get(it)).get();

        var attempts = seen.receipt().attempts();
        assertThat(attempts).extracting(Attempt::next).first().isEqualTo(it.moves() ? it.why() : null);
        assertThat(attempts).hasSize(it.moves() ? 2 : 1);
        assertThat(attempts.getFirst().mayBill()).isEqualTo(it.peer().isConnected());
        if (it.moves() && it.fallback().equals("ok")) {
            assertThat(seen.answer().status()).isEqualTo(200);
            assertThat(seen.answer().body()).contains("m-fallback").doesNotContain("primary");
            assertThat(seen.receipt().ending()).isEqualTo(Ending.COMPLETE);
        } else {
            assertThat(seen.answer().status()).isEqualTo(it.peer().isConnected() ? 504 : 502);
            assertThat(seen.answer().body())
                    .contains(it.why().equals("unreachable") ? "cannot be reached" : "ask again")
                    .doesNotContain("fallback");
            assertThat(seen.receipt().ending()).isEqualTo(Ending.FAILED);
        }
    }

    /// A stream that says for longer than the window that it has begun, and nothing else.
    ///
    /// @param play what it brings in all, as [ToldAnswers#events] takes it
    record Pause(String path, String play) {

        @Override
        public String toString() {
            return path + ", waits, then " + play;
        }
    }

    static Stream<Pause> pauses() {
        return PATHS.stream()
                .flatMap(path -> Stream.of(
                                "ok",
                                "preamble-error=server_error",
                                "preamble-error=invalid_request_error",
                                "content-error=server_error")
                        .map(play -> new Pause(path, play)));
    }

    private static void pause(FakeUpstream.Peer peer) throws IOException {
        peer.readRequest();
        var lines = peer.last().lines().toList();
        var primary =
                new ToldAnswers("primary", lines.getFirst().split(" ", 3)[1].substring("/v1".length()));
        peer.send(primary.begun(primary.preamble()));
        GO_ON.acquireUninterruptibly();
        var rest = primary.events(header(lines, "x-play"))
                .substring(primary.preamble().length());
        peer.send(ToldAnswers.piece(rest) + "0\r\n\r\n");
    }

    private static String header(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + ": "))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pauses")
    void letsASilentStreamPassAndStaysWithIt(Pause it) throws IOException {
        told++;
        var rig = Objects.requireNonNull(pausing);
        var primary = new ToldAnswers("primary", it.path().substring("/v1".length()));
        // Of a chat, it is told only to who asks for it.
        var usage = ",\"stream_options\":{\"include_usage\":true}";
        try (var caller = new RawHttp(rig.gateway.port())) {
            caller.send(
                    FailoverRig.request(it.path(), FailoverRig.body(it.path(), true, usage), "x-play: " + it.play()));

            // It has passed though it has said nothing; only now it goes on.
            var head = caller.head();
            GO_ON.release();

            assertThat(head.header("x-posthog-attempts")).isEqualTo("1");
            assertThat(Chunked.read(caller.rest(head))).isEqualTo(primary.events(it.play()));
            var receipt = rig.receipt(head);
            assertThat(receipt.ending()).isEqualTo(it.play().equals("ok") ? Ending.COMPLETE : Ending.INCOMPLETE);
            assertThat(receipt.attempts()).hasSize(1);
        }
    }
}
