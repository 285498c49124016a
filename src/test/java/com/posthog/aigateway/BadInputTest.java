package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.testing.RawHttp.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BadInputTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHAT = "/v1/chat/completions";
    private static final String MESSAGES = "/v1/messages";
    private static final String GOOD = "{\"model\":\"gpt-5-mini\",\"max_tokens\":5,\"messages\":[]}";
    private static final String OURS = "Authorization: Bearer " + Rig.KEY + "\r\n";

    private static final String EXPIRED = "key-of-yesterday";
    private static final String NARROW = "key-for-one-model";

    @TempDir
    static Path folder;

    private static Rig rig;

    @BeforeAll
    static void open() throws IOException {
        rig = open(folder, "forward");
    }

    private static Rig open(Path folder, String unknownModel) throws IOException {
        Files.writeString(folder.resolve("callers.yaml"), """
            teams: [ { id: dev, posthog_team_id: 1, products: [llm_gateway] } ]
            credentials:
              - { id: house, team: dev, models: ["*"], sha256: %s }
              - { id: yesterday, team: dev, models: ["*"], sha256: %s, expires: 2020-01-01T00:00:00Z }
              - { id: narrow, team: dev, models: [gpt-5-mini], sha256: %s }
            """.formatted(
                        Rig.sha256(Rig.KEY), Rig.sha256(EXPIRED), Rig.sha256(NARROW)));
        return Rig.start(folder, """
            server: { max_body: 64KiB, bodies_in_memory: 64MiB }
            callers: callers.yaml
            unknown_model: { policy: %s }
            """.formatted(unknownModel));
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    private static String post(String path, String headers, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: here\r\n" + headers + "Content-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private static Answer ask(String request) throws IOException {
        try (var http = rig.connect()) {
            return http.send(request).answer();
        }
    }

    private static JsonNode error(Answer answer) throws IOException {
        var id = answer.header("x-request-id");
        assertThat(id)
                .hasSize(36)
                .isEqualTo(answer.header("request-id"))
                .isEqualTo(answer.header("x-posthog-request-id"));
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        var json = JSON.readTree(answer.body());
        if (json.has("request_id")) {
            assertThat(json.path("request_id").asText()).isEqualTo(id);
        }
        return json;
    }

    private static void assertOpenAi(Answer answer, int status, String code) throws IOException {
        var error = error(answer);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(error.has("type")).isFalse();
        assertThat(error.path("error").path("code").asText()).isEqualTo(code);
        assertThat(error.path("error").has("param")).isTrue();
    }

    private static void assertAnthropic(Answer answer, int status, String type) throws IOException {
        var error = error(answer);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(error.path("type").asText()).isEqualTo("error");
        assertThat(error.path("error").path("type").asText()).isEqualTo(type);
    }

    @Test
    void answersAGoodCall() throws Exception {
        var answer = ask(post(CHAT, OURS, GOOD));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("x-posthog-request-id")).hasSize(36);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                             | invalid_api_key | authentication_error | 401
            Authorization: Bearer strange                  | invalid_api_key | authentication_error | 401
            Authorization: Basic a2V5LW9mLXRoZS1ob3VzZQ==  | invalid_api_key | authentication_error | 401
            x-api-key: strange                             | invalid_api_key | authentication_error | 401
            x-api-key: key-of-yesterday                    | token_expired   | authentication_error | 401
            """)
    void turnsAwayWhoIsNotKnown(String header, String code, String type, int status) throws Exception {
        var headers = header.isEmpty() ? "" : header + "\r\n";

        assertOpenAi(ask(post(CHAT, headers, GOOD)), status, code);
        assertAnthropic(ask(post(MESSAGES, headers, GOOD)), status, type);
    }

    @Test
    void turnsAwayTwoCredentials() throws Exception {
        var answer = ask(post(CHAT, OURS + "x-api-key: other\r\n", GOOD));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("'Authorization'", "'x-api-key'").doesNotContain(Rig.KEY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            no json                               | the body is not JSON
            {"model":"gpt-5-mini"                 | the body is not JSON
            [{"model":"gpt-5-mini"}]              | the body must be a JSON object
            {"model":"a","model":"b"}             | 'model' stands twice in the body
            {"model":"gpt-5-mini"} {}             | something follows the JSON object
            {"messages":[]}                       | the body must name a model
            {"model":7}                           | the body must name a model
            {"model":"claude-fable-5-2"}          | does not speak openai-chat
            ``                                    | the request has no body
            """)
    void turnsAwayABodyThatSaysNothing(String body, String why) throws Exception {
        var answer = ask(post(CHAT, OURS, body));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(error(answer).path("error").path("message").asText()).contains(why);
    }

    @Test
    void turnsAwayABodyThatIsTooLarge() throws Exception {
        var answer = ask(post(CHAT, OURS, "{\"a\":\"" + "x".repeat(70_000) + "\"}"));

        assertOpenAi(answer, 413, "request_too_large");
    }

    @Test
    void turnsAwayAChunkedBodyThatIsTooLarge() throws Exception {
        try (var http = rig.connect()) {
            var chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
            http.send("POST " + MESSAGES + " HTTP/1.1\r\nHost: here\r\n" + OURS + "Transfer-Encoding: chunked\r\n\r\n"
                    + chunk.repeat(4) + "1\r\nx\r\n");

            assertAnthropic(http.answer(), 413, "request_too_large");
            assertThat(http.isClosed()).isTrue();
        }
    }

    @Test
    void turnsAwayASmallBodyThatGrowsTooLarge() throws Exception {
        var zipped = gzip("{\"a\":\"" + "x".repeat(70_000) + "\"}");
        try (var http = rig.connect()) {
            http.send("POST " + CHAT + " HTTP/1.1\r\nHost: here\r\n" + OURS
                            + "Content-Encoding: gzip\r\nContent-Length: " + zipped.length + "\r\n\r\n")
                    .send(zipped);

            assertOpenAi(http.answer(), 413, "request_too_large");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip"})
    void readsAGzippedBody(String encoding) throws Exception {
        var zipped = gzip(GOOD);
        try (var http = rig.connect()) {
            http.send("POST " + CHAT + " HTTP/1.1\r\nHost: here\r\n" + OURS + "Content-Encoding: " + encoding
                            + "\r\nContent-Length: " + zipped.length + "\r\n\r\n")
                    .send(zipped);

            assertThat(http.answer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "gzip, gzip", "zstd, br", "x"})
    void turnsAwayAnEncodingItDoesNotKnow(String encoding) throws Exception {
        var answer = ask(post(CHAT, OURS + "Content-Encoding: " + encoding + "\r\n", GOOD));

        assertOpenAi(answer, 400, "null");
        assertThat(answer.body()).contains("Content-Encoding '" + encoding + "' is not understood");
    }

    @Test
    void turnsAwayABodyThatIsNoGzip() throws Exception {
        assertOpenAi(ask(post(CHAT, OURS + "Content-Encoding: gzip\r\n", GOOD)), 400, "null");
    }

    @Test
    void forwardsAModelThatItDoesNotKnow() throws Exception {
        assertThat(ask(post(CHAT, OURS, GOOD.replace("gpt-5-mini", "gpt-99"))).status())
                .isEqualTo(200);
    }

    @Test
    void keepsACredentialToItsModels() throws Exception {
        var narrow = "x-api-key: " + NARROW + "\r\n";

        assertThat(ask(post(CHAT, narrow, GOOD)).status()).isEqualTo(200);
        assertOpenAi(ask(post(CHAT, narrow, GOOD.replace("gpt-5-mini", "gpt-99"))), 403, "model_not_allowed");
    }

    @Test
    void refusesAModelThatItDoesNotKnowWhereToldTo(@TempDir Path other) throws Exception {
        try (var strict = open(other, "refuse");
                var http = strict.connect()) {
            http.send(post(CHAT, OURS, GOOD.replace("gpt-5-mini", "gtp-5")));

            assertOpenAi(http.answer(), 404, "not_found");
            assertThat(strict.mock.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS"})
    void namesTheMethodThatAPathTakes(String method) throws Exception {
        var answer = ask(method + " " + CHAT + " HTTP/1.1\r\nHost: here\r\n\r\n");

        assertOpenAi(answer, 405, "method_not_allowed");
        assertThat(answer.header("allow")).isEqualTo("POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/nothing", "/", "/v1", "/v1/files"})
    void answersAnUnknownPathAsOpenAiDoes(String path) throws Exception {
        assertOpenAi(ask(post(path, OURS, "{}")), 404, "not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/responses"})
    void doesNotListWhatIsStoredForEverybody(String path) throws Exception {
        assertOpenAi(ask("GET " + path + " HTTP/1.1\r\nHost: here\r\n" + OURS + "\r\n"), 404, "not_found");
    }

    @Test
    void turnsAWebsocketAwaySoThatItsClientGoesOnOverHttp() throws Exception {
        var answer = ask("GET /v1/responses HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" + OURS + "\r\n");

        assertOpenAi(answer, 426, "websocket_not_supported");
        assertThat(answer.header("upgrade")).isEqualTo("HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/anthropic/v1/nothing", "/v1/messages/batches"})
    void answersAnUnknownPathAsAnthropicDoes(String path) throws Exception {
        assertAnthropic(ask(post(path, OURS, "{}")), 404, "not_found_error");
        assertAnthropic(ask(post("/v1/nothing", "anthropic-version: 2023-06-01\r\n", "{}")), 404, "not_found_error");
    }

    @Test
    void answersProbesWithoutACredential() throws Exception {
        try (var http = rig.connect()) {
            assertThat(http.send("GET / HTTP/1.1\r\nHost: here\r\n\r\n")
                            .answer()
                            .status())
                    .isEqualTo(200);
            assertThat(http.send("HEAD / HTTP/1.1\r\nHost: here\r\n\r\n").head().status())
                    .isEqualTo(200);
            assertThat(http.send("GET /api/hello?x=1 HTTP/1.1\r\nHost: here\r\n\r\n")
                            .answer()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void keepsTheConnectionAfterHeadOfAnUnknownPath() throws Exception {
        try (var http = rig.connect()) {
            assertThat(http.send("HEAD /nothing HTTP/1.1\r\nHost: here\r\n\r\n")
                            .head()
                            .status())
                    .isEqualTo(404);
            assertThat(http.send("HEAD " + CHAT + " HTTP/1.1\r\nHost: here\r\n\r\n")
                            .head()
                            .status())
                    .isEqualTo(405);
            assertThat(http.send(post(CHAT, OURS, GOOD)).answer().status()).isEqualTo(200);
        }
    }

    @Test
    void keepsTheConnectionAfterARefusal() throws Exception {
        try (var http = rig.connect()) {
            assertThat(http.send(post(CHAT, "", GOOD)).answer().status()).isEqualTo(401);
            assertThat(http.send(post(CHAT, OURS, "[]")).answer().status()).isEqualTo(400);
            assertThat(http.send(post(CHAT, OURS, GOOD)).answer().status()).isEqualTo(200);
        }
    }

    @Test
    void answersPipelinedCallsInOrder() throws Exception {
        try (var http = rig.connect()) {
            http.send(post(CHAT, OURS, GOOD) + post(CHAT, "", GOOD) + post(CHAT, OURS, GOOD)
                    + "GET /nothing HTTP/1.1\r\nHost: here\r\n\r\n");

            assertThat(http.answer().status()).isEqualTo(200);
            assertThat(http.answer().status()).isEqualTo(401);
            assertThat(http.answer().status()).isEqualTo(200);
            assertThat(http.answer().status()).isEqualTo(404);
        }
    }

    @Test
    void refusesBeforeTheBodyWhereTheCallerWaits() throws Exception {
        try (var http = rig.connect()) {
            http.send("POST " + CHAT + " HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 50\r\n\r\n");

            assertOpenAi(http.answer(), 401, "invalid_api_key");
            assertThat(http.isClosed())
                    .as("a body that may or may not come must not be read as a call")
                    .isTrue();
        }
    }

    @Test
    void letsTheBodyComeWhereTheCallerWaits() throws Exception {
        try (var http = rig.connect()) {
            http.send("POST " + CHAT + " HTTP/1.1\r\nHost: here\r\n" + OURS + "Expect: 100-continue\r\nContent-Length: "
                    + GOOD.length() + "\r\n\r\n");
            assertThat(http.head().status()).isEqualTo(100);

            assertThat(http.send(GOOD).answer().status()).isEqualTo(200);
        }
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
