package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.mock.Received.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MockFaultsTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAM = "{\"model\":\"gpt-6-sol\",\"stream\":true,\"messages\":[]}";

    private final MockProvider mock = MockProvider.start(0);

    @AfterEach
    void close() {
        mock.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /v1/chat/completions | {"model":"llama"}                     | 404 | "code":"model_not_found"
                    /responses           | {"model":"llama"}                     | 400 | "param":"model","code":"model_not_found"
                    /responses           | {}                                    | 200 | "object":"response"
                    /v1/messages         | {"model":"llama","max_tokens":1}      | 404 | "type":"not_found_error"
                    /messages            | {"model":"claude-opus-5-5"}           | 400 | max_tokens: Field required
                    /v1/messages         | {"model":"mock-status=529"}           | 529 | {"type":"error","error":{"type":"overloaded_error"
                    /v1/chat/completions | {"model":"mock-status=429"}           | 429 | "code":"rate_limit_exceeded"
                    /v1/embeddings       | {"model":"mock-status=500"}           | 500 | "type":"server_error"
                    /v1/chat/completions | {"model":"mock-fast"}                 | 400 | unknown directive 'fast'
                    /v1/chat/completions | {"messages":[]}                       | 400 | 'model'
                    /v1/chat/completions | [1]                                   | 400 | "type":"invalid_request_error"
                    /v1/messages         | {"model":                             | 400 | {"type":"error"
                    /v1/nowhere          | {}                                    | 404 | Invalid URL (POST /v1/nowhere)
                    """)
    void answersMistakesAsTheProviderDoes(String path, String body, int status, String part) {
        var response = post(path, body);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(Wire.text(response)).contains(part);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void wantsAKeyAndTakesAny() {
        var body = "{\"model\":\"claude-opus-5-5\",\"max_tokens\":9,\"messages\":[]}";

        assertThat(Wire.post(mock.uri(), "/v1/messages", body).statusCode()).isEqualTo(401);
        assertThat(Wire.post(mock.uri(), "/v1/messages", body, "x-api-key", "sk-invalid")
                        .statusCode())
                .isEqualTo(401);
        assertThat(Wire.post(mock.uri(), "/v1/messages", body, "x-api-key", "sk-any")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void saysWhenToTryAgain() {
        var response = post(CHAT, STREAM, "x-mock", "status=429,retry-after=7");

        assertThat(response.headers().firstValue("retry-after")).hasValue("7");
    }

    @Test
    void letsTheHeaderWinOverTheModel() {
        var response = post(CHAT, "{\"model\":\"mock-status=500\"}", "x-mock", "status=503");

        assertThat(response.statusCode()).isEqualTo(503);
    }

    @Test
    void endsAStreamWithTheNativeErrorEvent() {
        var chat = Wire.text(post(CHAT, STREAM, "x-mock", "status=500,after=2"));
        assertThat(chat.split("\n\n", -1)).hasSize(4);
        assertThat(chat).contains("data: {\"error\":{").doesNotContain("[DONE]");

        var responses = Wire.text(post("/responses", STREAM, "x-mock", "status=429,after=2"));
        assertThat(responses)
                .contains("event: error\ndata: {\"type\":\"error\",\"sequence_number\":2,")
                .contains("event: response.failed\ndata: {\"type\":\"response.failed\",\"sequence_number\":3,")
                .contains("\"error\":{\"code\":\"rate_limit_exceeded\"");
    }

    @Test
    void endsAStreamCleanlyWithoutItsLastEvent() {
        var chat = Wire.text(post(CHAT, STREAM, "x-mock", "truncate"));

        assertThat(chat).contains("\"finish_reason\":\"stop\"").doesNotContain("[DONE]");
    }

    @Test
    void sendsUsageOnlyWhenAsked() {
        assertThat(Wire.text(post(CHAT, STREAM))).doesNotContain("usage");

        var withUsage = STREAM.replace("]}", "],\"stream_options\":{\"include_usage\":true}}");
        assertThat(Wire.text(post(CHAT, withUsage)))
                .contains("\"usage\":null")
                .contains("\"choices\":[],\"usage\":{\"prompt_tokens\":")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void endsAStreamBeforeItsFirstEvent() {
        assertThat(post(CHAT, STREAM, "x-mock", "truncate,after=0").body()).isEmpty();
        assertThat(mock.received().getLast().ending()).isEqualTo(Ending.ANSWERED);
    }

    @Test
    void cutsTheConnectionInTheMiddle() throws IOException {
        var wire = Wire.untilClosed(mock.port(), CHAT, STREAM, "cut=120");
        assertThat(wire).contains("\r\n\r\n78\r\ndata: {").doesNotContain("\r\n0\r\n");

        var json = Wire.untilClosed(mock.port(), CHAT, STREAM.replace("true", "false"), "cut=10");
        assertThat(json.substring(json.indexOf("\r\n\r\n") + 4)).hasSize(10);

        assertThat(Wire.untilClosed(mock.port(), CHAT, STREAM, "cut")).isEmpty();
        assertThat(mock.received()).extracting(Received::ending).containsOnly(Ending.CUT);
    }

    @Test
    void staysSilentUntilTheClientLeaves() throws IOException {
        try (var socket = Wire.open(mock.port(), CHAT, STREAM, "silent,after=1")) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            assertThat(mock.received().getFirst().ending()).isEqualTo(Ending.OPEN);
        }

        Wire.await(() -> mock.received().getFirst().ending() == Ending.CLIENT_GONE);
    }

    @Test
    void noticesAtAWriteThatTheClientLeft() throws IOException {
        try (var socket = Wire.open(mock.port(), CHAT, STREAM, "words=100000,chunk-gap=1ms")) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }

        Wire.await(() -> mock.received().getFirst().ending() == Ending.CLIENT_GONE);
    }

    @Test
    void closesWhileAnAnswerIsSilent() throws IOException {
        try (var socket = Wire.open(mock.port(), CHAT, STREAM, "silent")) {
            Wire.await(() -> !mock.received().isEmpty());
            mock.close();

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void writesTheBodyInSmallPieces() throws IOException {
        try (var socket = Wire.open(mock.port(), CHAT, STREAM, "chunk=16,after=1,cut=40")) {
            var wire = new String(socket.getInputStream().readAllBytes(), UTF_8);

            assertThat(wire).contains("\r\n\r\n10\r\n").endsWith("\r\n");
            assertThat(wire.split("\r\n10\r\n", -1)).hasSize(3);
        }
    }

    @Test
    void remembersRequestsAndHidesTheirKeys() {
        post("/v1/chat/completions?beta=true", STREAM, "X-Custom", "one, two");

        var received = mock.received().getLast();
        assertThat(received.path()).isEqualTo("/v1/chat/completions");
        assertThat(received.query()).isEqualTo("beta=true");
        assertThat(received.headers()).contains(Map.entry("X-Custom", "one, two"));
        assertThat(received.header("x-custom")).hasValue("one, two");
        assertThat(received.header("authorization")).hasValue("Bearer sk-test");
        assertThat(received.body()).asString().isEqualTo(STREAM);
        assertThat(received.ending()).isEqualTo(Ending.ANSWERED);

        var told = Wire.text(Wire.get(mock.uri(), "/requests"));
        assertThat(told).contains("\"body\":\"{\\\"model\\\"").doesNotContain("sk-test");

        Wire.send(mock.uri(), "/requests", "DELETE", new byte[0]);
        assertThat(mock.received()).isEmpty();
    }

    @Test
    void answersAHeadWithoutABody() {
        assertThat(Wire.send(mock.uri(), "/nowhere", "HEAD", new byte[0]).statusCode())
                .isEqualTo(404);
    }

    @Test
    void refusesAWebsocket() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), mock.port())) {
            var upgrade = """
                    GET /v1/responses HTTP/1.1
                    Host: mock
                    Connection: Upgrade
                    Upgrade: websocket

                    """;
            socket.getOutputStream().write(upgrade.replace("\n", "\r\n").getBytes(UTF_8));

            assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
                    .isEqualTo("HTTP/1.1 426");
        }
    }

    @Test
    void saysClearlyThatThePortIsTaken() {
        assertThatThrownBy(() -> MockProvider.start(mock.port()))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(BindException.class)
                .hasMessageContaining("port " + mock.port());
    }

    private HttpResponse<byte[]> post(String path, String body) {
        return Wire.post(mock.uri(), path, body, "Authorization", "Bearer sk-test");
    }

    private HttpResponse<byte[]> post(String path, String body, String name, String value) {
        return Wire.post(mock.uri(), path, body, "Authorization", "Bearer sk-test", name, value);
    }
}
