package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.call.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/// Streams that are cut behind each of their events: what is to come then is written down, byte for byte.
class LegalEndTest {

    private static final UUID CALL = new UUID(0x70, 1);
    private static final Usage USAGE = new Usage(100, 20, 3, 1, 7, 2, 0, 0, 0, 0, 0, Usage.Terms.NONE, List.of());
    private static final List<String> FILES = List.of(
            "chat-text",
            "chat-tools",
            "chat-three-choices",
            "chat-refusal",
            "chat-prompt-judged-first",
            "chat-error",
            "messages-text",
            "messages-thinking-and-tools",
            "messages-server-tools",
            "messages-blocks-at-once",
            "messages-error",
            "responses-reasoning-message-function",
            "responses-parallel-functions",
            "responses-refusal",
            "responses-tools-and-tomorrow");

    @ParameterizedTest
    @FieldSource("FILES")
    void endsAsWrittenDownWhereverItIsCut(String file) {
        var stream = EndedStream.of(file);
        var end = end(stream.shape(), stream.usageWanted(), stream.choices());
        var framer = new SseFramer();
        var actual = new ArrayList<EndedStream.Step>();

        for (var step : stream.steps()) {
            tell(end, framer, step.sent());
            actual.add(new EndedStream.Step(step.sent(), new String(end.bytes(USAGE), UTF_8)));
        }

        assertThat(actual).isEqualTo(stream.steps());
    }

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "OPENAI_EMBEDDINGS", mode = EnumSource.Mode.EXCLUDE)
    void isCutAtFortyPlacesAtLeast(Shape shape) {
        var places = FILES.stream()
                .map(EndedStream::of)
                .filter(stream -> stream.shape() == shape)
                .mapToInt(stream -> stream.steps().size())
                .sum();

        assertThat(places).isGreaterThanOrEqualTo(40);
    }

    @Test
    void hasNoEndForWhatIsNotStreamed() {
        assertThat(LegalEnd.of(Shape.OPENAI_EMBEDDINGS, CALL, false, 1)).isNull();
    }

    @Test
    void endsAStreamWhoseEventsHaveLinesOfEveryKind() {
        var end = end(Shape.OPENAI_RESPONSES, false, 1);

        tell(end, new SseFramer(), """
                data: {"type": "response.created",\r
                data:  "sequence_number": 4, "response": {\r
                data:   "id": "resp_1", "metadata": {\r
                data:    "a": "\\n"}, "output": []}}\r
                \r
                """);

        assertThat(new String(end.bytes(Usage.estimate(1, 2)), UTF_8)).isEqualTo("""
                event: response.incomplete
                data: {"type":"response.incomplete","response":{"id":"resp_1","metadata":{    "a": "\\n"},"output":[],\
                "status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},\
                "usage":{"input_tokens":1,"input_tokens_details":{"cache_write_tokens":0,"cached_tokens":0},\
                "output_tokens":2,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":3}},"sequence_number":5}

                """);
    }

    @Test
    void tellsOfTheSearchesThatTheEstimateKnows() {
        var end = end(Shape.ANTHROPIC_MESSAGES, false, 1);
        var searched = new Usage(5, 0, 0, 0, 6, 0, 0, 0, 0, 0, 3, Usage.Terms.NONE, List.of());

        tell(end, new SseFramer(), "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n");

        assertThat(new String(end.bytes(searched), UTF_8)).contains("""
                "output_tokens":6,"server_tool_use":{"web_search_requests":3,"web_fetch_requests":0}}""");
    }

    private static LegalEnd end(Shape shape, boolean usageWanted, int choices) {
        return Objects.requireNonNull(LegalEnd.of(shape, CALL, usageWanted, choices));
    }

    private static void tell(LegalEnd end, SseFramer framer, String event) {
        var bytes = event.getBytes(UTF_8);
        int at = 0;
        while (at < bytes.length) {
            at = framer.next(bytes, at, bytes.length);
            if (framer.closed()) {
                end.event(framer);
            }
        }
    }
}
