package com.posthog.aigateway.provider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.wire.ApacheUpstream;
import com.posthog.aigateway.wire.Egress;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// What holds for whoever speaks with a provider, whatever is spoken: the caller meets his own dialect, and the
/// provider
/// meets us.
abstract class ProviderContract {

    /// How this one is spoken to, and what it says.
    ///
    /// @param path where the call is asked
    /// @param streamed where it is asked for a stream
    /// @param credential as it stands in the request's head, in small letters
    /// @param opening and closing: the two halves of a stream, as they come
    /// @param told the same as the caller reads them
    /// @param error an error's body as it comes, under 429
    /// @param toldError the same as the caller reads it
    record Talk(
            Endpoint endpoint,
            String model,
            String path,
            String streamed,
            String credential,
            String streamType,
            byte[] opening,
            byte[] closing,
            List<String> told,
            String error,
            String toldError) {}

    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(10), null);
    private static final String ANSWER = "{\"id\":\"a\",\"odd\" : 1.50,\"usage\":{}}";
    private static final Headers THEIRS = Headers.of(
            "Authorization",
            "Bearer theirs-1",
            "X-API-Key",
            "theirs-2",
            "api-key",
            "theirs-3",
            "Cookie",
            "theirs=4",
            "X-PostHog-Distinct-Id",
            "theirs-5",
            "X-Client-Request-Id",
            "request-of-theirs");

    private final ApacheUpstream transport = transport();

    abstract Provider at(URI url);

    abstract Talk talk();

    private static ApacheUpstream transport() {
        try {
            return new ApacheUpstream(Duration.ofSeconds(2), SSLContext.getDefault(), Egress.DIRECT);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        transport.close();
    }

    private ProviderClient client() {
        var clock = Clock.systemUTC();
        var who = AwsCredentialsIdentity.create("AKIDOURS", "secret-of-ours");
        var credentials =
                new Credentials(new AwsSigner(_ -> who, clock), new EntraTokens(new TokenDesk(transport), clock));
        var same = new NativeClient(transport, credentials);
        var invoke = new BedrockInvoke(transport, credentials);
        return new ClientByWire(wire -> switch (wire) {
            case NATIVE, AZURE, AZURE_DEPLOYMENT, BEDROCK_MESSAGES, BEDROCK_MANTLE -> same;
            case BEDROCK_INVOKE -> invoke;
        });
    }

    private Call call(boolean streamed) {
        var wish = streamed ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "";
        return Asked.at(talk().endpoint(), "", THEIRS, "{\"model\":\"named\",\"odd\" : 1.50" + wish + "}");
    }

    private Target target(URI url) {
        return new Target(at(url), talk().model(), BigDecimal.ONE);
    }

    private Reply ask(FakeUpstream provider, boolean streamed, Hangup hangup) throws Unanswered {
        return ask(provider.uri(), streamed, hangup);
    }

    private Reply ask(URI provider, boolean streamed, Hangup hangup) throws Unanswered {
        var target = target(provider);
        return client().ask(call(streamed), new Route(null, "named", List.of(target)), target, PATIENCE, hangup);
    }

    private static FakeUpstream.Script answering(int status, String type, String body) {
        return peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 " + status + " x\r\nContent-Type: " + type
                    + "\r\nretry-after: 7\r\nx-amzn-requestid: r-1\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + body);
            peer.awaitLeaving();
        };
    }

    private void begin(FakeUpstream.Peer peer) throws IOException {
        peer.readRequest();
        // In one piece: who has the head may leave at once.
        peer.send("HTTP/1.1 200 OK\r\nContent-Type: " + talk().streamType() + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunked(talk().opening()));
    }

    private static void chunk(FakeUpstream.Peer peer, byte[] bytes) throws IOException {
        peer.send(chunked(bytes));
    }

    private static String chunked(byte[] bytes) {
        return Integer.toHexString(bytes.length) + "\r\n" + new String(bytes, ISO_8859_1) + "\r\n";
    }

    private static String readAtLeast(Reply reply, int length) throws Reply.Broken {
        var all = new ByteArrayOutputStream();
        var buffer = new byte[4096];
        while (all.size() < length) {
            int count = reply.read(buffer, 0, () -> {});
            if (count < 0) {
                break;
            }
            all.write(buffer, 0, count);
        }
        return all.toString(UTF_8);
    }

    private static String readAll(Reply reply) throws Reply.Broken {
        return readAtLeast(reply, Integer.MAX_VALUE);
    }

    private static String head(String request) {
        return request.substring(0, request.indexOf("\r\n\r\n") + 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asksAtItsPlaceAsOurselves(boolean streamed) throws Exception {
        try (var provider = new FakeUpstream(answering(200, "application/json", ANSWER))) {
            ask(provider, streamed, new Hangup()).close();

            var head = head(provider.request());
            assertThat(head).startsWith("POST " + (streamed ? talk().streamed() : talk().path()) + " HTTP/1.1\r\n");
            assertThat(head.toLowerCase(Locale.ROOT))
                    .contains("\r\n" + talk().credential())
                    .contains("\r\nx-client-request-id: request-of-theirs\r\n")
                    .contains("\r\naccept-encoding: identity\r\n");
            assertThat(head).doesNotContain("theirs-", "theirs=", "X-PostHog");
            assertThat(names(head)).doesNotHaveDuplicates();
        }
    }

    private static List<String> names(String head) {
        return head.lines()
                .skip(1)
                .map(line -> line.split(":", 2)[0].toLowerCase(Locale.ROOT))
                .collect(Collectors.toList());
    }

    @Test
    void bringsTheAnswerAsItCame() throws Exception {
        try (var provider = new FakeUpstream(answering(200, "application/json", ANSWER));
                var reply = ask(provider, false, new Hangup())) {
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers().first("content-type")).contains("application/json");
            assertThat(reply.headers().all("retry-after")).containsExactly("7");
            assertThat(readAll(reply)).isEqualTo(ANSWER);
            assertThat(reply.read(new byte[1], 0, () -> {})).isEqualTo(-1);
        }
    }

    /// The second half is sent only after the first was read.
    @Test
    void bringsEventsAsTheyCome() throws Exception {
        var read = new CountDownLatch(1);
        FakeUpstream.Script script = peer -> {
            begin(peer);
            await(read);
            chunk(peer, talk().closing());
            peer.send("0\r\n\r\n");
        };
        try (var provider = new FakeUpstream(script);
                var reply = ask(provider, true, new Hangup())) {
            assertThat(reply.headers().first("content-type").orElse("")).startsWith("text/event-stream");
            var first = talk().told().getFirst();
            assertThat(readAtLeast(reply, first.getBytes(UTF_8).length)).isEqualTo(first);
            read.countDown();
            assertThat(readAll(reply)).isEqualTo(talk().told().getLast());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void bringsAnErrorInTheCallersDialect() throws Exception {
        try (var provider = new FakeUpstream(answering(429, "application/json", talk().error()));
                var reply = ask(provider, true, new Hangup())) {
            assertThat(reply.status()).isEqualTo(429);
            assertThat(reply.headers().all("retry-after")).containsExactly("7");
            assertThat(readAll(reply)).isEqualTo(talk().toldError());
        }
    }

    @Test
    void isBrokenWhereTheStreamIs() throws Exception {
        FakeUpstream.Script script = peer -> {
            begin(peer);
            peer.reset();
        };
        try (var provider = new FakeUpstream(script);
                var reply = ask(provider, true, new Hangup())) {
            var broken = catchThrowableOfType(Reply.Broken.class, () -> readAll(reply));

            assertThat(broken.how()).isEqualTo(Reply.Broken.How.CUT_OFF);
        }
    }

    @Test
    void isBrokenOffByAHangup() throws Exception {
        FakeUpstream.Script script = peer -> {
            begin(peer);
            peer.awaitLeaving();
        };
        var hangup = new Hangup();
        try (var provider = new FakeUpstream(script);
                var reply = ask(provider, true, hangup)) {
            readAtLeast(reply, talk().told().getFirst().getBytes(UTF_8).length);
            hangup.happen();

            var broken = catchThrowableOfType(Reply.Broken.class, () -> readAll(reply));

            assertThat(broken.how()).isEqualTo(Reply.Broken.How.CANCELLED);
            assertThat(provider.left(1, 5000)).isTrue();
        }
    }

    @Test
    void leavesAStreamThatIsClosed() throws Exception {
        FakeUpstream.Script script = peer -> {
            begin(peer);
            peer.awaitLeaving();
        };
        try (var provider = new FakeUpstream(script)) {
            ask(provider, true, new Hangup()).close();

            assertThat(provider.left(1, 5000)).isTrue();
        }
    }

    @Test
    void saysThatNobodyIsThere() throws Exception {
        // It has the port, so that nobody else can come to listen there.
        try (var taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var nobody = URI.create("http://127.0.0.1:" + taken.getLocalPort());

            var unanswered = catchThrowableOfType(Unanswered.class, () -> ask(nobody, false, new Hangup()));

            assertThat(unanswered.how()).isEqualTo(Unanswered.How.NOT_CONNECTED);
            assertThat(unanswered.wasSent()).isFalse();
        }
    }

    @Test
    void sendsACallAsItWasFitted() throws Exception {
        var body = "{\"anthropic_version\":\"v\", \"fitted\" : 1.50}";
        var fit = new Fit.As(
                Set.of(), body.getBytes(UTF_8), Headers.of("X-Fitted", "yes", "api-key", "theirs-3"), List.of());
        try (var provider = new FakeUpstream(answering(200, "application/json", ANSWER))) {
            var target = target(provider.uri());
            client().ask(call(false), new Route(null, "named", List.of(target)), target, fit, PATIENCE, new Hangup())
                    .close();

            var request = provider.request();
            assertThat(request).endsWith("\r\n\r\n" + body).startsWith("POST " + talk().path() + " ");
            assertThat(head(request))
                    .contains("\r\nX-Fitted: yes\r\n")
                    .doesNotContain("theirs-", "X-Client-Request-Id");
            assertThat(head(request).toLowerCase(Locale.ROOT)).contains("\r\n" + talk().credential());
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static Family family(Endpoint endpoint) {
        return endpoint.shape().family();
    }
}
