package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.mock.Sink;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Two teams share our account at the provider, but not what it has stored for them.
class StoredTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BEGUN = """
            HTTP/1.1 200 OK
            Content-Type: text/event-stream

            event: response.created
            data: {"type":"response.created","response":{"id":"resp_9","status":"queued"}}

            """.replace("\n", "\r\n");
    private static final String OURS = "sk-of-the-first-team";
    private static final String THEIRS = "sk-of-the-second-team";

    @TempDir
    Path folder;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Sink sink = Sink.start(0);
    private FakeUpstream provider;
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        provider = new FakeUpstream(peer -> {
            for (var request = peer.readLine(); !request.isEmpty(); request = peer.readLine()) {
                peer.answer(answers.getOrDefault(request, "{\"object\":\"nothing\"}"));
            }
        });
        answers.put("POST /v1/responses", response("resp_1", "completed"));
        answers.put("GET /v1/responses/resp_1", response("resp_1", "completed"));
        answers.put("GET /v1/responses/resp_1/input_items", "{\"object\":\"list\",\"data\":[]}");
        answers.put("POST /v1/responses/resp_1/cancel", response("resp_1", "cancelled"));
        answers.put("DELETE /v1/responses/resp_1", "{\"id\":\"resp_1\",\"deleted\":true}");
        Files.writeString(folder.resolve("callers.yaml"), """
                teams:
                  - { id: one, products: [a] }
                  - { id: two, products: [a] }
                credentials:
                  - { id: first, sha256: "%s", team: one, models: ["*"] }
                  - { id: second, sha256: "%s", team: two, models: ["*"] }
                """.formatted(Rig.sha256(OURS), Rig.sha256(THEIRS)));
        Files.writeString(folder.resolve("gateway.yaml"), "callers: callers.yaml\n");
        gateway = open(provider.uri());
    }

    private Gateway open(URI openai) {
        var variables = new HashMap<String, String>();
        variables.put("AIGATEWAY_PORT", "0");
        variables.put("AIGATEWAY_ADMIN_PORT", "0");
        variables.put("AIGATEWAY_DATA", folder.resolve("data").toString());
        variables.put("AIGATEWAY_OPENAI_URL", openai.toString());
        variables.put("OPENAI_API_KEY", "key");
        variables.put("POSTHOG_HOST", sink.uri().toString());
        var configuration =
                Configuration.load(folder.resolve("gateway.yaml"), new Environment(variables), Clock.systemUTC());
        return Wiring.open(configuration, Clock.systemUTC());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        gateway.close();
        provider.close();
        sink.close();
    }

    private static String response(String id, String status) {
        return "{\"id\":\"" + id + "\",\"object\":\"response\",\"status\":\"" + status
                + "\",\"model\":\"gpt-5.4\",\"output\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
    }

    private HttpResponse<String> ask(String key, String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .header("Authorization", "Bearer " + key)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString(UTF_8));
    }

    private static JsonNode error(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body()).path("error");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/responses/resp_1",
        "GET,/v1/responses/resp_1/input_items",
        "POST,/v1/responses/resp_1/cancel",
        "DELETE,/v1/responses/resp_1"
    })
    void belongsToTheTeamThatAskedForIt(String method, String path) throws Exception {
        ask(OURS, "POST", "/v1/responses", "{\"model\":\"gpt-5.4\"}");

        var own = ask(OURS, method, path, "");
        var foreign = ask(THEIRS, method, path, "");

        assertThat(own.statusCode()).isEqualTo(200);
        assertThat(own.body()).isEqualTo(answers.get(method + " " + path));
        assertThat(foreign.statusCode()).isEqualTo(404);
        assertThat(error(foreign).path("message").asText()).isEqualTo("Response with id 'resp_1' not found.");
    }

    @Test
    void cannotBeGoneOnWithByAnotherTeam() throws Exception {
        ask(OURS, "POST", "/v1/responses", "{\"model\":\"gpt-5.4\"}");
        var goingOn = "{\"model\":\"gpt-5.4\",\"previous\\u005fresponse_id\":\"resp_1\"}";

        assertThat(ask(OURS, "POST", "/v1/responses", goingOn).statusCode()).isEqualTo(200);
        for (var path : new String[] {"/v1/responses", "/v1/responses/compact", "/v1/responses/input_tokens"}) {
            var foreign = ask(THEIRS, "POST", path, goingOn);
            assertThat(foreign.statusCode()).isEqualTo(404);
            assertThat(error(foreign).path("code").asText()).isEqualTo("previous_response_not_found");
            assertThat(error(foreign).path("param").asText()).isEqualTo("previous_response_id");
        }
    }

    @Test
    void cannotBeNamedTwice() throws Exception {
        ask(OURS, "POST", "/v1/responses", "{\"model\":\"gpt-5.4\"}");
        ask(THEIRS, "POST", "/v1/responses", "{\"model\":\"gpt-5.4\"}");

        var twice = ask(
                THEIRS,
                "POST",
                "/v1/responses",
                "{\"model\":\"gpt-5.4\",\"previous_response_id\":\"resp_1\",\"previous_response_id\":\"x\"}");
        var twiceWithin = ask(
                THEIRS,
                "POST",
                "/v1/responses",
                "{\"model\":\"gpt-5.4\",\"conversation\":{\"id\":\"conv_1\",\"id\":\"conv_2\"}}");

        assertThat(twice.statusCode()).isEqualTo(400);
        assertThat(twiceWithin.statusCode()).isEqualTo(400);
    }

    @Test
    void isNobodysWhenItWasNotToBeStored() throws Exception {
        ask(OURS, "POST", "/v1/responses", "{\"model\":\"gpt-5.4\",\"store\":false}");

        assertThat(ask(OURS, "GET", "/v1/responses/resp_1", "").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"conv_1\"", "{\"id\":\"conv_1\"}"})
    void givesAConversationToTheTeamThatNamesItFirst(String conversation) throws Exception {
        var goingOn = "{\"model\":\"gpt-5.4\",\"conversation\":" + conversation + "}";

        assertThat(ask(OURS, "POST", "/v1/responses", goingOn).statusCode()).isEqualTo(200);
        var foreign = ask(THEIRS, "POST", "/v1/responses", goingOn);

        assertThat(foreign.statusCode()).isEqualTo(404);
        assertThat(error(foreign).path("param").asText()).isEqualTo("conversation");
        assertThat(ask(OURS, "POST", "/v1/responses", goingOn).statusCode()).isEqualTo(200);
    }

    @Test
    void outlivesARestart() throws Exception {
        ask(OURS, "POST", "/v1/responses", "{\"model\":\"gpt-5.4\"}");

        gateway.close();
        gateway = open(provider.uri());

        assertThat(ask(OURS, "GET", "/v1/responses/resp_1", "").statusCode()).isEqualTo(200);
        assertThat(ask(THEIRS, "GET", "/v1/responses/resp_1", "").statusCode()).isEqualTo(404);
    }

    @Test
    void keepsAChatOnlyWhenItIsToBeStored() throws Exception {
        answers.put("POST /v1/chat/completions", "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\"}");
        ask(OURS, "POST", "/v1/chat/completions", "{\"model\":\"gpt-5.4\"}");
        assertThat(ask(OURS, "GET", "/v1/chat/completions/chatcmpl-1", "").statusCode())
                .isEqualTo(404);

        ask(OURS, "POST", "/v1/chat/completions", "{\"model\":\"gpt-5.4\",\"store\":true}");

        assertThat(ask(OURS, "GET", "/v1/chat/completions/chatcmpl-1", "").statusCode())
                .isEqualTo(200);
        assertThat(ask(OURS, "POST", "/v1/chat/completions/chatcmpl-1", "{\"metadata\":{}}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(ask(THEIRS, "DELETE", "/v1/chat/completions/chatcmpl-1", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void isStoppedAtTheProviderWhenItsCallerLeaves() throws Exception {
        try (var silent = new FakeUpstream(
                peer -> {
                    peer.readRequest();
                    peer.send(BEGUN);
                    peer.awaitLeaving();
                },
                peer -> {
                    peer.readRequest();
                    peer.answer("{}");
                })) {
            gateway.close();
            gateway = open(silent.uri());
            try (var caller = new RawHttp(gateway.port())) {
                var body = "{\"model\":\"gpt-5.4\",\"background\":true,\"stream\":true}";
                caller.send("POST /v1/responses HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer " + OURS
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                assertThat(silent.request()).startsWith("POST /v1/responses ");
                caller.readUntil("resp_9");
            }
            assertThat(silent.left(1, 5000)).isTrue();
            assertThat(silent.request()).startsWith("POST /v1/responses/resp_9/cancel ");
        }
    }

    @Test
    void costsNothingAndLeavesAReceiptWithoutAnEvent() throws Exception {
        ask(OURS, "POST", "/v1/responses", "{\"model\":\"gpt-5.4\"}");
        ask(OURS, "GET", "/v1/responses/resp_1", "");

        var receipts = Eventually.get(() -> gateway.journal().newest(3), found -> found.size() == 2);

        assertThat(receipts.getFirst().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(receipts.getFirst().cost().total().nanos()).isZero();
        assertThat(receipts.getLast().cost().total().nanos()).isPositive();
        assertThat(Eventually.get(sink::events, events -> !events.isEmpty())).hasSize(1);
    }
}
