package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.mock.Received;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.RawHttp;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What Claude Code, Codex and the SDKs really send, as they sent it, byte by byte: each gets what the provider
/// answers,
/// and the provider gets what they sent, less what is none of its business.
///
/// One gateway serves all of them, as it does in life; each test looks only at its own call.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedClientsTest {

    /// Fields that end at the gateway, and those that it writes itself.
    private static final Set<String> NOT_PASSED = Set.of(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "accept-encoding",
            "authorization",
            "x-api-key",
            "traceparent");

    /// How the provider behaved when the client was recorded; the others were served well.
    private static final Map<String, String> TROUBLE = Map.ofEntries(
            Map.entry("cc-500", "status=500"),
            Map.entry("cc-529", "status=529"),
            Map.entry("cc2-err400", "status=400"),
            Map.entry("cc2-err429", "status=429"),
            Map.entry("cc2-cut", "cut,after=3"),
            Map.entry("cc2-evterr", "status=529,after=3"),
            Map.entry("cc2-evterr-first", "status=529,after=0"),
            Map.entry("codex-500", "status=500"),
            Map.entry("codex2-err400", "status=400"),
            Map.entry("codex2-err429", "status=429"),
            Map.entry("codex2-cut", "cut,after=3"),
            Map.entry("codex2-evterr", "status=500,after=3"),
            Map.entry("codex2-evterr-first", "status=500,after=0"));

    private @Nullable Rig rig;

    @BeforeAll
    void start(@TempDir Path folder) {
        rig = Rig.start(folder);
    }

    @AfterAll
    void stop() {
        rig().close();
    }

    private Rig rig() {
        return Optional.ofNullable(rig).orElseThrow();
    }

    static List<RecordedRequest> recorded() throws IOException {
        return RecordedRequest.all();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void servesWhatARealClientSends(RecordedRequest request) throws Exception {
        Shared.require("data/clients");
        switch (request.method()) {
            case "POST" -> assertPassed(request);
            case "HEAD" -> {
                try (var caller = connect(request)) {
                    assertThat(caller.head().status()).isEqualTo(200);
                }
            }
            default -> {
                boolean websocket = request.fields().stream()
                        .anyMatch(field -> field.getKey().equalsIgnoreCase("upgrade"));
                try (var caller = connect(request)) {
                    assertThat(caller.answer().status()).isEqualTo(websocket ? 426 : 200);
                }
            }
        }
    }

    private void assertPassed(RecordedRequest request) throws Exception {
        RawHttp.Answer head;
        String body;
        try (var caller = connect(request)) {
            head = caller.head();
            body = caller.rest(head);
        }

        var received = received(request);
        assertThat(new String(received.body(), UTF_8)).isEqualTo(Spliced.like(received, request.body()));
        assertHeadersPassed(request, received);
        var own = askTheMock(received);
        assertThat(head.status()).as(body).isEqualTo(own.status());
        assertThat(head.header("content-type")).isEqualTo(own.header("content-type"));
        assertEnding(request, head, body);
    }

    private static void assertEnding(RecordedRequest request, RawHttp.Answer head, String body) {
        var trouble = TROUBLE.getOrDefault(request.client(), "");
        if (head.status() != 200 || !head.header("content-type").startsWith("text/event-stream")) {
            assertThat(body).startsWith("{").endsWith("}");
        } else if (trouble.startsWith("cut")) {
            assertThat(body).contains("the provider's stream broke off").doesNotContain("\r\n0\r\n");
        } else if (trouble.contains("after")) {
            assertThat(body).contains("event: error").contains("\r\n0\r\n");
        } else {
            assertThat(body)
                    .containsPattern("data: \\[DONE]|event: message_stop|event: response\\.completed")
                    .contains("\r\n0\r\n");
        }
    }

    /// All that the client sent, duplicates and all, and nothing of what is meant for the gateway.
    private static void assertHeadersPassed(RecordedRequest request, Received received) {
        var passed = passed(received.headers());
        assertThat(passed).containsAllEntriesOf(passed(request.fields()));
        assertThat(passed.keySet()).isEqualTo(keys(request));
        assertThat(received.headers())
                .noneMatch(field -> field.getValue().contains(Rig.KEY))
                .filteredOn(field -> field.getValue().contains("provider-key-"))
                .hasSize(1);
        assertThat(received.header("accept-encoding")).hasValue("identity");
    }

    private static Set<String> keys(RecordedRequest request) {
        var keys = new HashSet<>(passed(request.fields()).keySet());
        keys.add("x-mock");
        keys.add("x-recorded");
        return keys;
    }

    private static Map<String, List<String>> passed(List<Map.Entry<String, String>> fields) {
        return fields.stream()
                .filter(field -> !NOT_PASSED.contains(field.getKey().toLowerCase(Locale.ROOT)))
                .collect(Collectors.groupingBy(
                        field -> field.getKey().toLowerCase(Locale.ROOT),
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private Received received(RecordedRequest request) {
        return rig().mock.received().stream()
                .filter(one -> one.header("x-recorded").equals(Optional.of(mark(request))))
                .findFirst()
                .orElseThrow();
    }

    private static String mark(RecordedRequest request) {
        return request.client() + "-" + request.number();
    }

    /// The head of the answer to the same request, without a gateway.
    private RawHttp.Answer askTheMock(Received received) throws IOException {
        var head = "POST " + received.path() + " HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer any\r\nx-mock: "
                + received.header("x-mock").orElse("") + "\r\nContent-Length: " + received.body().length + "\r\n\r\n";
        try (var mock = new RawHttp(rig().mock.port())) {
            return mock.send(head).send(received.body()).head();
        }
    }

    private RawHttp connect(RecordedRequest request) throws IOException {
        return new RawHttp(rig().gateway.port()).send(bytes(request));
    }

    private static byte[] bytes(RecordedRequest request) {
        var body = request.body();
        var head = new StringBuilder(request.method() + " " + request.path() + " HTTP/1.1\r\n");
        request.fields().forEach(field -> head.append(field.getKey() + ": " + field.getValue() + "\r\n"));
        head.append("x-mock: " + TROUBLE.getOrDefault(request.client(), "") + "\r\n");
        head.append("x-recorded: " + mark(request) + "\r\n");
        if (!body.isEmpty()) {
            head.append("Content-Length: " + body.length() + "\r\n");
        }
        return (head + "\r\n" + body).getBytes(ISO_8859_1);
    }

    @Test
    void keepsTheOrderOfFieldsOfOneName(@TempDir Path folder) throws Exception {
        try (var provider = new FakeUpstream(peer -> {
                    peer.readRequest();
                    peer.answer("{}");
                });
                var other = Rig.start(folder, "{}", provider.uri());
                var caller = other.connect()) {
            var body = "{\"model\":\"claude-sonnet-5-5\"}";
            caller.send("POST /v1/messages HTTP/1.1\r\nHost: gateway\r\nx-api-key: " + Rig.KEY
                    + "\r\nanthropic-beta: b,a\r\nX-One: 1\r\nanthropic-beta: c\r\nx-one: 0\r\nanthropic-beta: a"
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(caller.answer().status()).isEqualTo(200);

            assertThat(provider.request().toLowerCase(Locale.ROOT))
                    .containsSubsequence("anthropic-beta: b,a\r\n", "anthropic-beta: c\r\n", "anthropic-beta: a\r\n")
                    .containsSubsequence("x-one: 1\r\n", "x-one: 0\r\n");
        }
    }
}
