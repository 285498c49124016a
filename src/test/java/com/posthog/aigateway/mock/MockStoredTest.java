package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MockStoredTest {
    private static final String CHAT =
            "{\"model\":\"gpt-6-sol\",\"store\":true,\"messages\":" + "[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    private final MockProvider mock = MockProvider.start(0);

    @AfterEach
    void close() {
        mock.close();
    }

    @Test
    void givesAResponseAgain() {
        var created = json(ask("POST", "/v1/responses", "{\"model\":\"gpt-6-sol\",\"input\":\"Hi\"}"));
        var path = "/v1/responses/" + created.path("id").asText();

        assertThat(json(ask("GET", path, ""))).isEqualTo(created);

        var items = json(ask("GET", path + "/input_items", ""));
        assertThat(items.at("/data/0/content/0/text").asText()).isEqualTo("Hi");
        assertThat(items.path("first_id")).isEqualTo(items.at("/data/0/id"));

        assertThat(json(ask("DELETE", path, "")).path("deleted").asBoolean()).isTrue();
        assertThat(ask("GET", path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void givesAStreamedResponseAgain() {
        var stream = Wire.text(ask("POST", "/responses", "{\"model\":\"gpt-6-sol\",\"input\":\"Hi\",\"stream\":true}"));
        int at = stream.indexOf("resp_");
        var id = stream.substring(at, stream.indexOf('"', at));

        assertThat(json(ask("GET", "/responses/" + id, "")).path("status").asText())
                .isEqualTo("completed");
    }

    @Test
    void forgetsAResponseThatWasNotToBeStored() {
        var body = "{\"model\":\"gpt-6-sol\",\"input\":\"Hi\",\"store\":false}";
        var id = json(ask("POST", "/v1/responses", body)).path("id").asText();

        assertThat(Wire.text(ask("GET", "/v1/responses/" + id, ""))).contains("Response with id '" + id);
    }

    @Test
    void cancelsWhatRunsInTheBackgroundAndNothingElse() {
        var body = "{\"model\":\"gpt-6-sol\",\"input\":\"Hi\",\"background\":true}";
        var queued = json(ask("POST", "/v1/responses", body));
        var path = "/v1/responses/" + queued.path("id").asText();

        assertThat(queued.path("status").asText()).isEqualTo("queued");
        assertThat(json(ask("GET", path, "")).path("status").asText()).isEqualTo("completed");
        assertThat(json(ask("POST", path + "/cancel", "")).path("status").asText())
                .isEqualTo("cancelled");
        assertThat(json(ask("GET", path, "")).path("status").asText()).isEqualTo("cancelled");

        var other = json(ask("POST", "/v1/responses", body.replace("true", "false")));
        assertThat(ask("POST", "/v1/responses/" + other.path("id").asText() + "/cancel", "")
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"stream\":true,"})
    void keepsAChatThatWasToBeStored(String stream) {
        var created = Wire.text(ask("POST", "/v1/chat/completions", CHAT.replace("\"store\"", stream + "\"store\"")));
        int at = created.indexOf("chatcmpl-");
        var path = "/v1/chat/completions/" + created.substring(at, created.indexOf('"', at));

        assertThat(json(ask("GET", path, "")).at("/choices/0/message/role").asText())
                .isEqualTo("assistant");
        assertThat(json(ask("GET", path + "/messages", ""))
                        .at("/data/0/content")
                        .asText())
                .isEqualTo("Hi");
        assertThat(json(ask("POST", path, "{\"metadata\":{\"a\":\"b\"}}"))
                        .at("/metadata/a")
                        .asText())
                .isEqualTo("b");
        assertThat(json(ask("DELETE", path, "")).path("object").asText()).isEqualTo("chat.completion.deleted");
        assertThat(ask("GET", path, "").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    POST | /v1/responses/compact      | {"model":"gpt-6-sol","input":"Hi"} | "object":"response.compaction"
                    POST | /v1/responses/input_tokens | {"input":"Hi"}                     | "object":"response.input_tokens"
                    GET  | /v1/models/gpt-6-sol       | ``                                 | "id":"gpt-6-sol"
                    GET  | /v1/models/no-such         | ``                                 | "code":"model_not_found"
                    GET  | /v1/responses/chatcmpl-1   | ``                                 | not found.
                    GET  | /v1/chat/completions/resp_ | ``                                 | not found.
                    POST | /v1/responses/compact      | {"input":"Hi"}                     | 'model'
                    GET  | /v1/responses/resp_1/other | ``                                 | Invalid URL
                    """)
    void answersBesideTheMainRoads(String method, String path, String body, String part) {
        assertThat(Wire.text(ask(method, path, body))).contains(part);
    }

    @Test
    void describesAModelInTheShapeOfTheOtherFamily() {
        var response = Wire.send(
                mock.uri(), "/v1/models/claude-opus-5-5", "GET", new byte[0], "x-api-key", "k", "x-mock", "delay=1ms");

        assertThat(Wire.text(response)).startsWith("{\"type\":\"model\",\"id\":\"claude-opus-5-5\"");
    }

    private HttpResponse<byte[]> ask(String method, String path, String body) {
        return Wire.send(mock.uri(), path, method, body.getBytes(UTF_8), "Authorization", "Bearer sk-test");
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return Json.object(response.body()).orElseThrow();
    }
}
