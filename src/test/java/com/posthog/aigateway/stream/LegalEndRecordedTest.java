package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Recorded streams, each cut behind each of its events: what was opened is closed, once, and the end is told, once.
class LegalEndRecordedTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> TEXTS = Map.of(
            "response.output_text", "text",
            "response.refusal", "refusal",
            "response.reasoning_text", "text",
            "response.reasoning_summary_text", "text",
            "response.function_call_arguments", "arguments",
            "response.custom_tool_call_input", "input",
            "response.mcp_call_arguments", "arguments",
            "response.code_interpreter_call_code", "code");
    private static int ends;

    static List<CutStream> recorded() throws IOException {
        return CutStream.all();
    }

    @AfterAll
    static void tell() {
        System.out.println("recorded streams: ended at " + ends + " places");
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void closesWhatIsOpenWhereverItIsCut(CutStream recorded) throws IOException {
        for (var cut : recorded.orSkip().cuts()) {
            var events = Frames.of(cut.bytes());
            assertThat(events)
                    .as("framing after " + cut.sent())
                    .isEqualTo(Frames.simply(new String(cut.bytes(), UTF_8)));
            if (isError(events)) {
                continue;
            }
            switch (recorded.shape()) {
                case OPENAI_CHAT -> checkChat(events);
                case ANTHROPIC_MESSAGES -> checkMessages(events);
                case OPENAI_RESPONSES -> checkResponses(events);
                case OPENAI_EMBEDDINGS -> throw new IllegalArgumentException("embeddings are not streamed");
            }
            assertThat(Arrays.copyOf(cut.bytes(), cut.sent())).isEqualTo(Arrays.copyOf(recorded.whole(), cut.sent()));
            ends += cut.isEndedLegally() ? 1 : 0;
        }
    }

    /// A stream that has not begun, or that the provider has ended by an error, has no legal end.
    private static boolean isError(List<Frames.Event> events) throws IOException {
        var last = events.getLast().data();
        return !last.equals("[DONE]")
                && (json(last).path("error").isObject()
                        || json(last).path("type").asText().equals("error")
                        || json(last).path("type").asText().equals("response.failed"));
    }

    private static void checkChat(List<Frames.Event> events) throws IOException {
        assertThat(events).filteredOn(event -> event.data().equals("[DONE]")).hasSize(1);
        assertThat(events.getLast().data()).isEqualTo("[DONE]");
        var finished = new ArrayList<Integer>();
        var ids = new TreeSet<String>();
        int usages = 0;
        for (var event : events.subList(0, events.size() - 1)) {
            var chunk = json(event.data());
            ids.add(chunk.path("id").asText());
            usages += chunk.path("usage").isObject() ? 1 : 0;
            for (var choice : chunk.path("choices")) {
                if (choice.path("finish_reason").isTextual()) {
                    finished.add(choice.path("index").asInt());
                }
            }
        }
        ids.remove("");
        assertThat(ids).hasSize(1);
        assertThat(finished).containsExactly(0);
        assertThat(usages).isLessThanOrEqualTo(1);
    }

    private static void checkMessages(List<Frames.Event> events) throws IOException {
        var open = new TreeSet<Integer>();
        int stops = 0;
        for (var event : events) {
            var data = json(event.data());
            assertThat(data.path("type").asText()).isEqualTo(event.name());
            int index = data.path("index").asInt(-1);
            switch (event.name()) {
                case "message_start" -> open.clear();
                case "content_block_start" -> assertThat(open.add(index)).isTrue();
                case "content_block_delta" -> assertThat(open).contains(index);
                case "content_block_stop" -> assertThat(open.remove(index)).isTrue();
                case "message_delta" -> stops += data.at("/delta/stop_reason").isTextual() ? 1 : 0;
                case null, default -> {}
            }
        }
        assertThat(open).isEmpty();
        assertThat(stops).isEqualTo(1);
        assertThat(events.getLast().name()).isEqualTo("message_stop");
    }

    private static void checkResponses(List<Frames.Event> events) throws IOException {
        var items = new TreeMap<Integer, JsonNode>();
        var open = new TreeSet<String>();
        var texts = new HashMap<String, String>();
        long sequence = -1;
        for (var event : events) {
            var data = json(event.data());
            var type = data.path("type").asText();
            assertThat(type).isEqualTo(event.name());
            long number = data.path("sequence_number").asLong(-1);
            assertThat(number).isEqualTo(sequence < 0 ? number : sequence + 1);
            sequence = number;
            var part = type.contains("_part.") || type.contains("_text.")
                    ? data.path("content_index").asText() + "/"
                            + data.path("summary_index").asText()
                    : "";
            var place = data.path("output_index").asText() + " " + part;
            if (type.endsWith(".added") && !type.contains("annotation")) {
                assertThat(open.add(type.replace(".added", "") + place)).isTrue();
            } else if (type.endsWith(".done") && !TEXTS.containsKey(type.replace(".done", ""))) {
                assertThat(open.remove(type.replace(".done", "") + place))
                        .as(type + place)
                        .isTrue();
            } else if (type.endsWith(".delta")) {
                texts.merge(
                        type.replace(".delta", "") + place, data.path("delta").asText(), String::concat);
            } else if (type.endsWith(".done")) {
                var name = type.replace(".done", "");
                assertThat(data.path(TEXTS.get(name)).asText()).isEqualTo(texts.getOrDefault(name + place, ""));
                texts.remove(name + place);
            }
            if (type.equals("response.output_item.done")) {
                items.put(data.path("output_index").asInt(), data.path("item"));
            }
        }
        assertThat(open).isEmpty();
        assertThat(texts).isEmpty();
        var last = json(events.getLast().data());
        assertThat(last.path("type").asText()).isIn("response.incomplete", "response.completed");
        assertThat(last.at("/response/output")).hasSameSizeAs(items.values());
        if (last.path("type").asText().equals("response.incomplete")) {
            assertThat(last.at("/response/output")).containsExactlyElementsOf(items.values());
            assertThat(last.at("/response/usage/total_tokens").asLong()).isEqualTo(130);
        }
    }

    private static JsonNode json(String data) throws IOException {
        return JSON.readTree(data);
    }
}
