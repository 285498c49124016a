package com.posthog.aigateway.stream;

import static com.posthog.aigateway.stream.Relayed.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Reply.Broken.How;
import com.posthog.aigateway.call.Shape;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// How a streamed answer ends for the caller, however it ends at the provider.
class RelayEndingsTest {

    private static final Map<Shape, String> BEGIN = Map.of(
            Shape.OPENAI_CHAT,
            "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"hello\"}}]}\n\n",
            Shape.OPENAI_RESPONSES,
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"hello\"}\n\n",
            Shape.ANTHROPIC_MESSAGES,
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"hello\"}}\n\n");

    private static final Map<Shape, String> LAST = Map.of(
            Shape.OPENAI_CHAT,
            "data: [DONE]\n\n",
            Shape.OPENAI_RESPONSES,
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"status\":\"completed\"}}\n\n",
            Shape.ANTHROPIC_MESSAGES,
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");

    private static final Map<Shape, String> ERROR = Map.of(
            Shape.OPENAI_CHAT,
            "data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}\n\n",
            Shape.OPENAI_RESPONSES,
            "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"no\"}\n\n",
            Shape.ANTHROPIC_MESSAGES,
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"no\"}}\n\n");

    private static String of(Map<Shape, String> parts, Shape shape) {
        return parts.getOrDefault(shape, "");
    }

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "OPENAI_EMBEDDINGS", mode = EnumSource.Mode.EXCLUDE)
    void isCompleteAfterTheLastWordHoweverTheConnectionEnds(Shape shape) {
        var stream = bytes(of(BEGIN, shape) + of(LAST, shape));
        for (var reply : new FakeReply[] {
            FakeReply.stream(stream), FakeReply.stream(stream).thenBroken(How.CUT_OFF)
        }) {
            var relayed = Relayed.of(shape, reply);

            assertThat(relayed.text()).isEqualTo(of(BEGIN, shape) + of(LAST, shape));
            assertThat(relayed.out().ending).isEqualTo("open ended");
            assertThat(relayed.delivered().ending()).isEqualTo(Ending.COMPLETE);
            assertThat(relayed.delivered().cause()).isNull();
            assertThat(relayed.delivered().firstToken()).isEqualTo(Instant.EPOCH);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "OPENAI_EMBEDDINGS", mode = EnumSource.Mode.EXCLUDE)
    void tellsOfATornStreamInTheCallersOwnWords(Shape shape) {
        var last = of(LAST, shape);
        for (int torn = 0; torn < last.length() - 4; torn++) {
            var stream = bytes(of(BEGIN, shape) + last.substring(0, torn));

            var ended = Relayed.of(shape, FakeReply.stream(stream));
            var broken = Relayed.of(shape, FakeReply.stream(stream).thenBroken(How.CUT_OFF));

            for (var relayed : new Relayed[] {ended, broken}) {
                assertThat(relayed.text()).as(last.substring(0, torn)).startsWith(of(BEGIN, shape));
                var added = Frames.of(
                        bytes(relayed.text().substring(of(BEGIN, shape).length())));
                assertThat(added).as(last.substring(0, torn)).hasSize(1);
                assertThat(added.getFirst().data()).contains("ask again");
                assertThat(relayed.delivered().ending()).isEqualTo(Ending.INCOMPLETE);
                assertThat(relayed.delivered().reading().usage()).isNull();
            }
            assertThat(ended.out().ending).isEqualTo("open ended");
            assertThat(broken.out().ending).isEqualTo("open aborted");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "OPENAI_EMBEDDINGS", mode = EnumSource.Mode.EXCLUDE)
    void takesALastEventThatLacksOnlyItsBlankLine(Shape shape) {
        var text = of(BEGIN, shape) + of(LAST, shape).stripTrailing();

        var relayed = Relayed.of(shape, FakeReply.stream(bytes(text)));

        assertThat(relayed.text()).isEqualTo(text);
        assertThat(relayed.delivered().ending()).isEqualTo(Ending.COMPLETE);
    }

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "OPENAI_EMBEDDINGS", mode = EnumSource.Mode.EXCLUDE)
    void addsNothingToTheProvidersOwnError(Shape shape) {
        var text = of(BEGIN, shape) + of(ERROR, shape);

        var relayed = Relayed.of(shape, FakeReply.stream(bytes(text)));

        assertThat(relayed.text()).isEqualTo(text);
        assertThat(relayed.out().ending).isEqualTo("open ended");
        assertThat(relayed.delivered().ending()).isEqualTo(Ending.INCOMPLETE);
        assertThat(relayed.delivered().cause()).isIn("server_error", "overloaded_error");
        assertThat(relayed.delivered().reading().error()).endsWith(": no");
    }

    @ParameterizedTest
    @CsvSource({"IDLE,upstream_timeout", "TOO_LONG,upstream_timeout", "CUT_OFF,service_unavailable"})
    void namesTheReason(How how, String code) {
        var relayed =
                Relayed.of(Shape.OPENAI_CHAT, FakeReply.stream(new byte[0]).thenBroken(how));

        assertThat(relayed.text()).contains("\"code\":\"" + code + "\"");
        assertThat(relayed.out().ending).isEqualTo("open aborted");
    }

    @Test
    void isAbandonedWhenTheCallerLeaves() {
        var out = new RecordingWriter();
        var reply = FakeReply.stream(bytes(of(BEGIN, Shape.OPENAI_CHAT)))
                .atEnd(out.hangup::happen)
                .thenBroken(How.CANCELLED);

        assertThat(Relayed.of(Shape.OPENAI_CHAT, reply, out).delivered().ending())
                .isEqualTo(Ending.ABANDONED);
    }

    @Test
    void isIncompleteWhenTheGatewayCannotWait() {
        var out = new RecordingWriter();
        var reply = FakeReply.stream(bytes(of(BEGIN, Shape.OPENAI_CHAT)))
                .atEnd(out.hangup::breakOff)
                .thenBroken(How.CANCELLED);

        assertThat(Relayed.of(Shape.OPENAI_CHAT, reply, out).delivered().ending())
                .isEqualTo(Ending.INCOMPLETE);
    }

    @Test
    void isCompleteWhenTheCallerLeavesAfterTheLastWord() {
        var out = new RecordingWriter();
        var reply = FakeReply.stream(bytes(of(LAST, Shape.OPENAI_RESPONSES)))
                .atEnd(out.hangup::happen)
                .thenBroken(How.CANCELLED);

        assertThat(Relayed.of(Shape.OPENAI_RESPONSES, reply, out).delivered().ending())
                .isEqualTo(Ending.COMPLETE);
    }

    @Test
    void keepsUsageOnAChunkThatHasChoices() {
        var usage = "{\"prompt_tokens\":1,\"completion_tokens\":1}";
        var text = "data: {\"choices\":[{\"delta\":{}}],\"usage\":" + usage + "}\n\n" + of(LAST, Shape.OPENAI_CHAT);

        var relayed = Relayed.droppingUsage(FakeReply.stream(bytes(text)));

        assertThat(relayed.text()).isEqualTo(text);
        assertThat(relayed.delivered().reading().usage()).isNotNull();
    }

    @Test
    void passesAnEventBeyondAllMeasure() {
        var text = "data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(3 << 20) + "\"}}]}\n\n"
                + of(LAST, Shape.OPENAI_CHAT);

        var relayed = Relayed.of(Shape.OPENAI_CHAT, FakeReply.stream(bytes(text), 5, 100_000));

        assertThat(relayed.text()).isEqualTo(text);
        assertThat(relayed.delivered().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(relayed.delivered().answer()).hasSize(1 << 20);
    }

    @Test
    void sendsWhatOneReadBroughtInOnePiece() {
        var text = of(BEGIN, Shape.OPENAI_CHAT).repeat(10) + of(LAST, Shape.OPENAI_CHAT);

        assertThat(Relayed.of(Shape.OPENAI_CHAT, FakeReply.stream(bytes(text))).out().writes)
                .isEqualTo(1);
    }
}
