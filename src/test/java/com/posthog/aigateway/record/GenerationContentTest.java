package com.posthog.aigateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Shape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationContentTest {

    @Test
    void keepsOfAChatMessageWhatTheWrappersKeep() {
        var input = input(Shape.OPENAI_CHAT, """
                {"messages":[
                  {"role":"system","content":"Be brief"},
                  {"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"c1"}],"extra":1},
                  {"role":"tool","tool_call_id":"c1","content":"4"},
                  {"content":[{"type":"text","text":"a"}]},
                  {"role":"user"}]}""");

        assertThat(input).isEqualTo(Json.read("""
                [{"role":"system","content":"Be brief"},
                 {"role":"assistant","content":null,"tool_calls":[{"id":"c1"}]},
                 {"role":"tool","content":"4","tool_call_id":"c1"},
                 {"role":"user","content":[{"type":"text","text":"a"}]},
                 {"role":"user","content":""}]"""));
    }

    @Test
    void mergesAllChoicesIntoOneMessage() {
        var output = output(Shape.OPENAI_CHAT, """
                {"choices":[
                  {"index":0,"message":{"role":"assistant","content":"one","refusal":null}},
                  {"index":1,"message":{"role":"assistant","content":null,"refusal":"No.",
                    "tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{\\"a\\":1}"}},
                                  {"id":"c2","type":"custom","custom":{"name":"patch","input":"***"}}]}},
                  {"index":2,"message":{"content":"","function_call":{"name":"old","arguments":"{}"}}},
                  {"index":3,"message":{"audio":{"id":"a1","data":"%s","transcript":"hm"}}}]}""".formatted("QUJD".repeat(20)));

        assertThat(output).isEqualTo(Json.read("""
                [{"role":"assistant","content":[
                  {"type":"text","text":"one"},
                  {"type":"refusal","refusal":"No."},
                  {"type":"function","id":"c1","function":{"name":"look","arguments":"{\\"a\\":1}"}},
                  {"type":"function","id":"c2","function":{"name":"patch","arguments":"***"}},
                  {"type":"function","function":{"name":"old","arguments":"{}"}},
                  {"id":"a1","data":"[base64 audio redacted]","transcript":"hm","type":"audio"}]}]"""));
    }

    @Test
    void joinsAStreamedChat() {
        var output = output(Shape.OPENAI_CHAT, """
                : a comment
                data: {"choices":[{"index":1,"delta":{"role":"assistant","content":"B"}}]}

                data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"He"}}]}

                data: {"choices":[{"index":0,"delta":{"content":"llo","tool_calls":[
                data: {"index":0,"id":"c1","function":{"name":"look","arguments":""}}]}}]}

                data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"a\\""}}]}}]}

                data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}

                data: {"choices":[],"usage":{"prompt_tokens":1}}

                data: [DONE]

                """);

        assertThat(output).isEqualTo(Json.read("""
                [{"role":"assistant","content":[
                  {"type":"text","text":"Hello"},
                  {"type":"function","id":"c1","function":{"name":"look","arguments":"{\\"a\\":1}"}},
                  {"type":"text","text":"B"}]}]"""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"input":"Hello"}                                               | [{"role":"user","content":"Hello"}]
            {"input":"Hello","instructions":"Be"}                           | [{"role":"system","content":"Be"},{"role":"user","content":"Hello"}]
            {"input":[{"role":"system","content":"A"}],"instructions":"Be"} | [{"role":"system","content":"A\\n\\nBe"}]
            {"input":[{"role":"system","content":[]}],"instructions":"Be"}  | [{"role":"system","content":[{"type":"input_text","text":"Be"}]}]
            {"input":[{"type":"function_call","name":"f"}]}                 | [{"type":"function_call","name":"f"}]
            {"input":[{"type":"message","role":"user","content":"x"}]}      | [{"role":"user","content":"x"}]
            {"prompt":{"id":"p"}}                                           | []
            """)
    void readsTheInputOfResponses(String request, String input) {
        assertThat(input(Shape.OPENAI_RESPONSES, request)).isEqualTo(Json.read(input));
    }

    @Test
    void mergesTheItemsOfResponses() {
        var output = output(Shape.OPENAI_RESPONSES, """
                {"output":[
                  {"type":"reasoning","id":"r1","summary":[],"encrypted_content":"%1$s"},
                  {"type":"message","role":"assistant","content":[
                     {"type":"output_text","text":"Hi","annotations":[]},{"type":"refusal","refusal":"No."}]},
                  {"type":"function_call","id":"f1","call_id":"c1","name":"look","arguments":"{}"},
                  {"type":"function_call","id":"f2","name":"see","arguments":"{}"},
                  {"type":"image_generation_call","id":"i1","status":"completed","result":"%1$s","size":"big"}]}""".formatted("QUJD".repeat(20)));

        assertThat(output).isEqualTo(Json.read("""
                [{"role":"assistant","content":[
                  {"type":"reasoning","id":"r1","summary":[],"encrypted_content":"%s"},
                  {"type":"text","text":"Hi"},
                  {"type":"refusal","refusal":"No."},
                  {"type":"function","id":"c1","function":{"name":"look","arguments":"{}"}},
                  {"type":"function","id":"f2","function":{"name":"see","arguments":"{}"}},
                  {"type":"image_generation_call","result":"[base64 image redacted]","status":"completed"}]}]""".formatted("QUJD".repeat(20))));
    }

    private static final String STREAMED_RESPONSE = """
            event: response.created
            data: {"type":"response.created","response":{"output":[]}}

            event: response.output_item.added
            data: {"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"r","summary":[]}}

            data: {"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"Hm"}

            data: {"type":"response.output_item.added","output_index":1,"item":{"type":"message","role":"assistant","content":[]}}

            data: {"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"He"}

            data: {"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"y"}

            data: {"type":"response.refusal.delta","output_index":1,"content_index":1,"delta":"No"}

            data: {"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","call_id":"c","name":"f","arguments":""}}

            data: {"type":"response.function_call_arguments.delta","output_index":2,"delta":"{\\"a\\""}

            """;

    @Test
    void tellsWhatCameOfAResponseThatBrokeOff() {
        assertThat(output(Shape.OPENAI_RESPONSES, STREAMED_RESPONSE + "data: {\"type\":\"respo"))
                .isEqualTo(Json.read("""
                [{"role":"assistant","content":[
                  {"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"Hm"}]},
                  {"type":"text","text":"Hey"},
                  {"type":"refusal","refusal":"No"},
                  {"type":"function","id":"c","function":{"name":"f","arguments":"{\\"a\\""}}]}]"""));
    }

    @Test
    void believesTheLastEventOfAResponse() {
        assertThat(output(Shape.OPENAI_RESPONSES, STREAMED_RESPONSE + """
                data: {"type":"response.completed","response":{"output":[
                data: {"type":"message","content":[{"type":"output_text","text":"Whole"}]}]}}

                """)).isEqualTo(Json.read("""
                [{"role":"assistant","content":[{"type":"text","text":"Whole"}]}]"""));
    }

    @Test
    void putsTheSystemFirstAndLeavesMessagesAsTheyAre() {
        assertThat(input(Shape.ANTHROPIC_MESSAGES, """
                {"system":[{"type":"text","text":"Be"}],"messages":[{"role":"user","content":"Hi","extra":1}]}""")).isEqualTo(Json.read("""
                [{"role":"system","content":[{"type":"text","text":"Be"}]},{"role":"user","content":"Hi","extra":1}]"""));
    }

    @Test
    void tellsTheBlocksOfMessages() {
        assertThat(output(Shape.ANTHROPIC_MESSAGES, """
                {"type":"message","role":"assistant","content":[
                  {"type":"thinking","thinking":"Hm","signature":"c2ln"},
                  {"type":"redacted_thinking","data":"%1$s"},
                  {"type":"text","text":"Hi","citations":[]},
                  {"type":"tool_use","id":"t1","name":"look","input":{"a":1}},
                  {"type":"server_tool_use","id":"s1","name":"web_search","input":{}}]}""".formatted("QUJD".repeat(20))))
                .isEqualTo(Json.read("""
                [{"role":"assistant","content":[
                  {"type":"thinking","thinking":"Hm","signature":"c2ln"},
                  {"type":"redacted_thinking","data":"%1$s"},
                  {"type":"text","text":"Hi"},
                  {"type":"function","id":"t1","function":{"name":"look","arguments":{"a":1}}},
                  {"type":"server_tool_use","id":"s1","name":"web_search","input":{}}]}]""".formatted("QUJD".repeat(20))));
    }

    private static final String STREAMED_MESSAGE = """
            event: message_start
            data: {"type":"message_start","message":{"role":"assistant","content":[]}}

            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}

            data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hé"}}

            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"llo"}}

            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t1","name":"look","input":{}}}

            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\""}}

            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":":1}"}}

            data: {"type":"message_stop"}

            """;

    @ParameterizedTest
    @CsvSource({"as it is", "carriage returns", "byte order mark"})
    void joinsStreamedMessages(String form) {
        var stream = switch (form) {
            case "carriage returns" -> STREAMED_MESSAGE.replace("\n", "\r\n");
            case "byte order mark" -> "\uFEFF" + STREAMED_MESSAGE;
            default -> STREAMED_MESSAGE;
        };

        assertThat(output(Shape.ANTHROPIC_MESSAGES, stream)).isEqualTo(Json.read("""
                [{"role":"assistant","content":[
                  {"type":"thinking","thinking":"Hm","signature":"c2ln"},
                  {"type":"text","text":"Héllo"},
                  {"type":"function","id":"t1","function":{"name":"look","arguments":{"a":1}}}]}]"""));
    }

    @Test
    void tellsABrokenToolInputAsEmpty() {
        var cut = STREAMED_MESSAGE.substring(0, STREAMED_MESSAGE.indexOf(":1}"));

        assertThat(output(Shape.ANTHROPIC_MESSAGES, cut)
                        .path(0)
                        .path("content")
                        .path(2)
                        .path("function"))
                .isEqualTo(Json.read("{\"name\":\"look\",\"arguments\":{}}"));
    }

    @Test
    void tellsAnEmptyStreamAsEmptyText() {
        var cut = STREAMED_MESSAGE.substring(0, STREAMED_MESSAGE.indexOf("data: {\"type\":\"content_block"));

        assertThat(output(Shape.ANTHROPIC_MESSAGES, cut)).isEqualTo(Json.read("""
                [{"role":"assistant","content":[{"type":"text","text":""}]}]"""));
    }

    @Test
    void survivesACutAnywhere() {
        for (var stream : new String[] {STREAMED_MESSAGE, STREAMED_RESPONSE}) {
            var bytes = stream.getBytes(StandardCharsets.UTF_8);
            for (int end = 0; end < bytes.length; end++) {
                var cut = Arrays.copyOf(bytes, end);
                for (var shape : Shape.values()) {
                    assertThat(Spoken.in(shape).output(cut)).hasSizeBetween(0, 1);
                }
            }
        }
    }

    @Test
    void saysOnlyWhatWasEmbedded() {
        assertThat(input(Shape.OPENAI_EMBEDDINGS, "{\"input\":[\"a\",\"b\"]}")).isEqualTo(Json.read("[\"a\",\"b\"]"));
        assertThat(output(Shape.OPENAI_EMBEDDINGS, "{\"data\":[{\"embedding\":[0.1]}]}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"image_url","image_url":{"url":"data:image/png;base64,@"}}                    | image
            {"type":"input_image","image_url":"data:image/png;base64,@"}                          | image
            {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,@"}  | file
            {"type":"file","file":{"file_data":"@"}}                                              | file
            {"type":"input_audio","input_audio":{"data":"@","format":"wav"}}                      | audio
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"@"}}       | image
            {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"@"}} | file
            {"type":"image","data":"@","mimeType":"video/mp4"}                                    | video
            {"type":"image","data":"@"}                                                           | image
            {"type":"image","source":{"type":"url","url":"https://example.test/a.png"}}           | none
            {"type":"text","text":"@"}                                                            | none
            {"type":"thinking","signature":"@"}                                                   | none
            {"type":"document","source":{"type":"text","media_type":"text/plain","data":"@"}}     | none
            """)
    void redactsMediaAndNothingElse(String item, String kind) {
        var request = item.replace("@", "iVBORw0KGgo".repeat(20) + "==");
        var told = Json.object();
        told.putArray("content").add(Json.read(request));

        Fit.make(told);

        if (kind.equals("none")) {
            assertThat(told.path("content").path(0)).isEqualTo(Json.read(request));
        } else {
            assertThat(told.toString())
                    .contains("\"[base64 " + kind + " redacted]\"")
                    .doesNotContain("iVBOR");
        }
    }

    @Test
    void tellsWhatCaptureCannotParseAsText() {
        var deep = "[".repeat(500) + "]".repeat(500);
        var told =
                (ObjectNode) Json.read("{\"deep\":%s,\"long\":1%s,\"large\":1e999}".formatted(deep, "0".repeat(400)));

        Fit.make(told);

        var written = Json.read(Json.write(told));
        assertThat(written.toString()).contains("[nested too deep for capture]").doesNotContain("[".repeat(102));
        assertThat(written.path("long").isTextual()).isTrue();
        assertThat(written.path("large").isTextual()).isTrue();
    }

    private static JsonNode input(Shape shape, String request) {
        return Spoken.in(shape).input(Json.read(request));
    }

    private static JsonNode output(Shape shape, String answer) {
        var told = Json.object();
        told.set("output", Spoken.in(shape).output(answer.getBytes(StandardCharsets.UTF_8)));
        Fit.make(told);
        return told.path("output");
    }
}
