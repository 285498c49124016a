package com.posthog.aigateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Content is not ours: whatever stands where something else should, the event is made.
class GenerationOddContentTest {

    private static final List<String> ODD =
            List.of("null", "7", "true", "\"x\"", "[]", "{}", "[7,null]", "{\"type\":7,\"content\":null}");

    private static final List<String> REQUESTS = List.of("""
            {"messages":[{"role":"user","content":[{"type":"text","text":"a"}],"tool_calls":[{"id":"c"}]}],
             "system":[{"type":"text"}],"tools":[{"type":"function"}],"temperature":1}""", """
            {"input":[{"role":"system","content":"a"},{"type":"reasoning","summary":[]}],"instructions":"b"}""");

    private static final List<String> ANSWERS = List.of("""
            {"choices":[{"index":0,"message":{"role":"assistant","content":"a","refusal":"b","audio":{"data":"c"},
             "function_call":{"name":"f","arguments":"{}"},
             "tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}},{"custom":{"name":"g","input":"i"}}]}}]}""", """
            {"role":"assistant","content":[{"type":"text","text":"a"},{"type":"thinking","thinking":"b"},
             {"type":"tool_use","id":"c","name":"f","input":{"a":1}}]}""", """
            {"output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"}]},
             {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
             {"type":"image_generation_call","result":"r"}]}""");

    private static final List<List<String>> STREAMS =
            List.of(List.of("""
                {"choices":[{"index":0,"delta":{"role":"assistant","content":"a","audio":{"id":"i","data":"c"},\
                "function_call":{"name":"f","arguments":"{}"},\
                "tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"}}]}}]}"""), List.of("""
                {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","input":{}}}""", """
                {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}""", """
                {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}"""), List.of("""
                {"type":"response.output_item.added","output_index":0,"item":{"type":"message","content":[]}}""", """
                {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}""", """
                {"type":"response.function_call_arguments.delta","output_index":0,"delta":"a"}""", """
                {"type":"response.completed","response":{"output":[{"type":"message"}]}}"""));

    @ParameterizedTest
    @EnumSource(Shape.class)
    void readsAnyRequest(Shape shape) {
        for (var request : REQUESTS) {
            forEachOdd(request, odd -> written(Spoken.in(shape).input(Json.read(odd))));
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void readsAnyAnswer(Shape shape) {
        for (var answer : ANSWERS) {
            forEachOdd(answer, odd -> written(Spoken.in(shape).output(odd.getBytes(StandardCharsets.UTF_8))));
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void readsAnyStream(Shape shape) {
        for (var stream : STREAMS) {
            for (var event : stream) {
                var lines = "data: " + String.join("\n\ndata: ", stream) + "\n\n";
                forEachOdd(event, odd -> {
                    var bytes = lines.replace(event, odd).getBytes(StandardCharsets.UTF_8);
                    written(Spoken.in(shape).output(bytes));
                });
            }
        }
    }

    private static void written(JsonNode said) {
        var properties = Json.object();
        new Sheet(properties).put("said", said);
        Fit.make(properties);
        assertThat(Json.read(Json.write(properties)).isObject()).isTrue();
    }

    /// Replaces each value of a document, one at a time.
    private static void forEachOdd(String document, Consumer<String> check) {
        for (var odd : ODD) {
            int places = count(Json.read(document));
            for (int place = 0; place < places; place++) {
                var tree = Json.read(document);
                replace(tree, place, Json.read(odd));
                check.accept(tree.toString());
            }
        }
    }

    private static int count(JsonNode node) {
        int count = 0;
        for (var child : node) {
            count += 1 + count(child);
        }
        return count;
    }

    /// Counts down to the place, depth first; what is left is counted on by the caller.
    private static int replace(JsonNode node, int place, JsonNode odd) {
        if (node instanceof ObjectNode object) {
            for (var member : object.properties()) {
                if (place-- == 0) {
                    member.setValue(odd);
                    return -1;
                }
                place = replace(member.getValue(), place, odd);
                if (place < 0) {
                    return place;
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (place-- == 0) {
                    array.set(i, odd);
                    return -1;
                }
                place = replace(array.get(i), place, odd);
                if (place < 0) {
                    return place;
                }
            }
        }
        return place;
    }
}
