package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.FreePorts;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A conversation that a fallback began goes on there: only the account that made a thought, or stores a response, can
/// go on with it. The model's own provider is well again by then.
class ConversationsTest {

    private static final String THOUGHT = "EqQBCgIYAhIMx0a1b2c3d4e5f6";
    private static final String DOWN = "x-primary: status=529";

    @TempDir
    private Path folder;

    private final PlayedProvider primary = new PlayedProvider("primary");
    private final AtomicReference<String> answer = new AtomicReference<>("{}");
    private final AtomicReference<String> type = new AtomicReference<>("application/json");
    private final FakeUpstream fallback = new FakeUpstream(peer -> {
        while (peer.readRequest()) {
            var body = answer.get();
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: " + type.get() + "\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
        }
    });
    private FailoverRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = FailoverRig.start(folder, primary.uri(), fallback.uri(), Clock.systemUTC());
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
        primary.close();
        fallback.close();
    }

    private String provider(String path, String body, String... headers) throws IOException {
        var got = rig.ask(path, body, headers);
        assertThat(got.status()).isEqualTo(200);
        return got.header("x-posthog-provider");
    }

    private static String turn(boolean stream, String signature) {
        return FailoverRig.body(FailoverRig.MESSAGES, stream, "")
                .replace(
                        "[]",
                        "[{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\""
                                + signature + "\"}]}]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnWhereItWasThought(boolean stream) throws IOException {
        answer.set("{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"signature\":\"" + THOUGHT + "\"}]}");
        if (stream) {
            type.set("text/event-stream");
            answer.set("""
                    event: content_block_start
                    data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","signature":""}}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"%s"}}

                    event: message_stop
                    data: {"type":"message_stop"}

                    """.formatted(THOUGHT));
        }
        assertThat(provider(FailoverRig.MESSAGES, FailoverRig.body(FailoverRig.MESSAGES, stream, ""), DOWN))
                .isEqualTo("second-anthropic");

        assertThat(provider(FailoverRig.MESSAGES, turn(stream, THOUGHT))).isEqualTo("second-anthropic");
        assertThat(provider(FailoverRig.MESSAGES, turn(stream, "EqQBCgIYAhIMsomebody.else")))
                .isEqualTo("anthropic");
        assertThat(primary.asked()).isEqualTo(2);
    }

    @Test
    void goesOnThereAfterARestart() throws IOException {
        answer.set("{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"signature\":\"" + THOUGHT + "\"}]}");
        provider(FailoverRig.MESSAGES, FailoverRig.body(FailoverRig.MESSAGES, false, ""), DOWN);
        rig.close();

        rig = FailoverRig.start(folder, primary.uri(), fallback.uri(), Clock.systemUTC());

        assertThat(provider(FailoverRig.MESSAGES, turn(false, THOUGHT))).isEqualTo("second-anthropic");
    }

    @Test
    void goesOnThereFromAnotherReplica() throws IOException {
        rig.close();
        var ports = FreePorts.take(2);
        rig = replica("one", ports, 0);
        answer.set("{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"signature\":\"" + THOUGHT + "\"}]}");
        try (var two = replica("two", ports, 1)) {
            provider(FailoverRig.MESSAGES, FailoverRig.body(FailoverRig.MESSAGES, false, ""), DOWN);

            assertThat(Eventually.get(() -> provider(two, turn(false, THOUGHT)), "second-anthropic"::equals))
                    .isEqualTo("second-anthropic");
            assertThat(provider(two, turn(false, "EqQBCgIYAhIMsomebody.else"))).isEqualTo("anthropic");
        }
    }

    private FailoverRig replica(String name, List<Integer> ports, int number) throws IOException {
        return FailoverRig.start(
                Files.createDirectory(folder.resolve(name)),
                primary.uri(),
                fallback.uri(),
                Clock.systemUTC(),
                "cluster: { mode: tcp, name: away-%d, port: %d, members: [\"127.0.0.1:%d\", \"127.0.0.1:%d\"] }\n"
                        .formatted(ProcessHandle.current().pid(), ports.get(number), ports.get(0), ports.get(1)));
    }

    private static String provider(FailoverRig replica, String turn) {
        try {
            return replica.ask(FailoverRig.MESSAGES, turn).header("x-posthog-provider");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void isNotFollowedByAnotherTeam() throws IOException {
        var other = "sk-of-another-team";
        Files.writeString(folder.resolve("callers.yaml"), """
                teams: [ { id: dev, products: [llm_gateway] }, { id: two, products: [llm_gateway] } ]
                credentials:
                  - { id: dev-key, sha256: "%s", team: dev, models: ["*"] }
                  - { id: other, sha256: "%s", team: two, models: ["*"] }
                """.formatted(Rig.sha256(Rig.KEY), Rig.sha256(other)));
        rig.close();
        rig = FailoverRig.start(folder, primary.uri(), fallback.uri(), Clock.systemUTC());
        answer.set("{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"signature\":\"" + THOUGHT + "\"}]}");
        provider(FailoverRig.MESSAGES, FailoverRig.body(FailoverRig.MESSAGES, false, ""), DOWN);

        try (var caller = new RawHttp(rig.gateway.port())) {
            var request = FailoverRig.request(FailoverRig.MESSAGES, turn(false, THOUGHT));
            var got = caller.send(request.replace(Rig.KEY, other)).answer();

            assertThat(got.header("x-posthog-provider")).isEqualTo("anthropic");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"previous_response_id\":\"resp_of_fallback\"",
                "\"input\":[{\"type\":\"reasoning\",\"encrypted_content\":\"gAAAAABo0a1b2c3d4e5f\"}]"
            })
    void goesOnWhereAResponseIsFrom(String more) throws IOException {
        answer.set("{\"id\":\"resp_of_fallback\",\"object\":\"response\",\"status\":\"completed\",\"output\":["
                + "{\"type\":\"reasoning\",\"encrypted_content\":\"gAAAAABo0a1b2c3d4e5f\"}]}");
        var begun = FailoverRig.body(FailoverRig.RESPONSES, false, "");
        assertThat(provider(FailoverRig.RESPONSES, begun, DOWN)).isEqualTo("second-openai");

        var goingOn = FailoverRig.body(FailoverRig.RESPONSES, false, "," + more);

        assertThat(provider(FailoverRig.RESPONSES, goingOn)).isEqualTo("second-openai");
        assertThat(provider(FailoverRig.RESPONSES, begun)).isEqualTo("openai");
    }

    @Test
    void asksForAStoredResponseWhereItIs() throws IOException {
        answer.set("{\"id\":\"resp_of_fallback\",\"object\":\"response\",\"status\":\"completed\",\"output\":[]}");
        provider(FailoverRig.RESPONSES, FailoverRig.body(FailoverRig.RESPONSES, false, ""), DOWN);

        try (var caller = new RawHttp(rig.gateway.port())) {
            var got = caller.send("GET /v1/responses/resp_of_fallback HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                            + Rig.KEY + "\r\n\r\n")
                    .answer();

            assertThat(got.header("x-posthog-provider")).isEqualTo("second-openai");
        }
        assertThat(primary.asked()).isEqualTo(1);
    }
}
