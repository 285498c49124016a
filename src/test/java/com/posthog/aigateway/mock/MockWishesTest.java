package com.posthog.aigateway.mock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client can have besides a text: a tool of its choice, a structure, a fault that heals.
class MockWishesTest {
    private static final String RUN = "x-mock: tool=Bash:{\\\"command\\\":\\\"echo a,b\\\"}";
    private static final String TOOLS =
            "[{\"name\":\"Agent\",\"input_schema\":{}},{\"name\":\"Bash\",\"input_schema\":{}}]";
    private static final String ASK = "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Please.\\n" + RUN
            + "\\nThanks.\"},{\"type\":\"text\",\"text\":\"A reminder.\"}]}";

    private final MockProvider mock = MockProvider.start(0);

    @AfterEach
    void close() {
        mock.close();
    }

    @Test
    void callsTheToolThatThePromptNamesAndThenSpeaks() {
        var call = json(messages(ASK, TOOLS)).at("/content/0");
        assertThat(call.path("name").asText()).isEqualTo("Bash");
        assertThat(call.at("/input/command").asText()).isEqualTo("echo a,b");

        var result = ",{\"role\":\"assistant\",\"content\":[" + call + "]},{\"role\":\"user\",\"content\":"
                + "[{\"type\":\"tool_result\",\"tool_use_id\":\"t\"}]},{\"role\":\"user\",\"content\":\"A reminder.\"}";
        assertThat(json(messages(ASK + result, TOOLS)).at("/content/0/type").asText())
                .isEqualTo("text");
    }

    @Test
    void speaksWhenTheToolIsNotOffered() {
        assertThat(json(messages(ASK, TOOLS.replace("Bash", "Read")))
                        .at("/content/0/type")
                        .asText())
                .isEqualTo("text");
    }

    @Test
    void readsAPromptThatIsOneText() {
        var body = "{\"model\":\"gpt-6-sol\",\"input\":\"x-mock: tool=weather\",\"tools\":[{\"type\":\"function\","
                + "\"name\":\"other\"},{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{\"required\":[\"days\"],"
                + "\"properties\":{\"days\":{\"type\":\"integer\"}}}}]}";

        assertThat(json(post("/v1/responses", body)).at("/output/0/arguments").asText())
                .isEqualTo("{\"days\":1}");
    }

    @Test
    void callsAToolThatTakesAFreeTextWhereverItIsOffered() {
        var body = "{\"model\":\"gpt-6-sol\",STREAM\"input\":[{\"type\":\"additional_tools\",\"tools\":[{\"type\":"
                + "\"namespace\",\"tools\":[{\"type\":\"custom\",\"name\":\"exec\"}]}]},"
                + "{\"role\":\"user\",\"content\":\"x-mock: tool=exec:text(1, 2)\"}]}";

        assertThat(Wire.text(post("/v1/responses", body.replace("STREAM", ""))))
                .contains("\"type\":\"custom_tool_call\",\"status\":\"completed\",\"input\":\"text(1, 2)\"");
        assertThat(Wire.text(post("/v1/responses", body.replace("STREAM", "\"stream\":true,"))))
                .contains("event: response.custom_tool_call_input.delta\n", "\"input\":\"text(1, 2)\"");
    }

    @Test
    void refusesArgumentsThatAreNoObject() {
        assertThat(Wire.text(messages(ASK.replace("{\\\"command\\\":\\\"echo a,b\\\"}", "ls,-l"), TOOLS)))
                .contains("tool=name:{\\\"a\\\":1}: 'Bash:ls,-l'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"function\",\"function\":{\"name\":\"second\"}}",
                "\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"x-mock: tool=second\"}]"
            })
    void callsTheToolThatTheClientInsistsOn(String choice) {
        var body = "{\"model\":\"gpt-6-sol\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"first\"}},"
                + "{\"type\":\"function\",\"function\":{\"name\":\"second\"}}],\"tool_choice\":" + choice + "}";

        assertThat(json(post("/v1/chat/completions", body))
                        .at("/choices/0/message/tool_calls/0/function/name")
                        .asText())
                .isEqualTo("second");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /v1/chat/completions | "response_format":{"type":"json_schema","json_schema":{"schema":SCHEMA}}    | /choices/0/message/content
                    /v1/responses        | "text":{"format":{"type":"json_schema","schema":SCHEMA}}                    | /output/0/content/0/text
                    /v1/messages         | "max_tokens":99,"output_config":{"format":{"type":"json_schema","schema":SCHEMA}} | /content/0/text
                    """)
    void satisfiesASchema(String path, String format, String place) {
        var schema = """
                {"type":"object","required":["city","days","sure","kind","places","next"],"properties":{
                "city":{"type":"string"},"days":{"type":"integer","minimum":3},"sure":{"type":"boolean"},
                "kind":{"enum":["sun","rain"]},"places":{"type":"array","items":{"$ref":"#/$defs/place"}},
                "next":{"anyOf":[{"type":["null","string"]}]},"more":{"type":"string"}},
                "$defs":{"place":{"type":"object","required":["name"],"properties":{"name":{"const":"Rome"}}}}}""";

        var answer = json(post(path, "{\"model\":\"mock-\"," + format.replace("SCHEMA", schema) + "}"));

        assertThat(answer.at(place).asText())
                .isEqualTo(
                        "{\"city\":\"Paris\",\"days\":3,\"sure\":true,\"kind\":\"sun\",\"places\":[{\"name\":\"Rome\"}],"
                                + "\"next\":null}");
    }

    @Test
    void streamsAStructureInPieces() {
        var body =
                "{\"model\":\"gpt-6-sol\",\"stream\":true,\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                        + "{\"schema\":{\"required\":[\"city\"],\"properties\":{\"city\":{\"type\":\"string\"}}}}}}";

        assertThat(Wire.text(post("/v1/chat/completions", body)))
                .contains("{\"content\":\"{\\\"city\\\":\"}", "{\"content\":\"\\\"Paris\\\"}\"}");
    }

    @Test
    void failsAsOftenAsItIsToldAndThenAnswers() {
        var body = "{\"model\":\"mock-status=529,fails=2\",\"messages\":[]}";
        var other = body.replace("[]", "[{}]");

        assertThat(post("/v1/chat/completions", body).statusCode()).isEqualTo(529);
        assertThat(post("/v1/chat/completions", other).statusCode()).isEqualTo(529);
        assertThat(post("/v1/chat/completions", body).statusCode()).isEqualTo(529);
        assertThat(post("/v1/chat/completions", body).statusCode()).isEqualTo(200);

        mock.forget();
        assertThat(post("/v1/chat/completions", body).statusCode()).isEqualTo(529);
    }

    private HttpResponse<byte[]> messages(String turns, String tools) {
        return post(
                "/v1/messages",
                "{\"model\":\"claude-opus-5-5\",\"max_tokens\":99,\"messages\":[" + turns + "],\"tools\":" + tools
                        + "}");
    }

    private HttpResponse<byte[]> post(String path, String body) {
        return Wire.post(mock.uri(), path, body, "Authorization", "Bearer sk-test");
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return Json.object(response.body()).orElseThrow();
    }
}
