package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.stream.Opening.Seen;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OpeningTest {

    private static final String ROLE =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\","
                    + "\"refusal\":null},\"finish_reason\":null}],\"usage\":null}\n\n";
    private static final String START = """
            event: message_start
            data: {"type":"message_start"}

            : still here

            event: ping
            data: {"type":"ping"}

            """;
    private static final String CREATED = """
            event: response.created
            data: {"type":"response.created"}

            data: {"type":"response.in_progress"}

            event: response.queued
            data: {"type":"response.queued"}

            """.replace("\n", "\r\n");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Opening opening = new Opening(new Room(1 << 20));

    static Stream<Arguments> streams() {
        return Stream.of(
                Arguments.of(Shape.OPENAI_CHAT, ROLE + "data: {\"error\":{\"code\":\"x\"}}\n\n", "failed"),
                Arguments.of(Shape.OPENAI_CHAT, "\uFEFFdata: {\"error\":\"x\"}\n\n", "failed"),
                Arguments.of(Shape.OPENAI_CHAT, ROLE, "broke"),
                Arguments.of(Shape.OPENAI_CHAT, "", "broke"),
                Arguments.of(
                        Shape.OPENAI_CHAT, "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n" + ROLE, "broke"),
                Arguments.of(Shape.OPENAI_CHAT, ROLE + ROLE.replace("\"\"", "\"a\""), "begun"),
                Arguments.of(Shape.OPENAI_CHAT, ROLE.replace("refusal\":null", "refusal\":\"no\""), "begun"),
                Arguments.of(Shape.OPENAI_CHAT, ROLE.replace("refusal\":null", "audio\":{\"id\":\"a\"}"), "begun"),
                Arguments.of(Shape.OPENAI_CHAT, ROLE.replace("refusal\":null", "tool_calls\":[{}]"), "begun"),
                Arguments.of(Shape.OPENAI_CHAT, ROLE.replace("reason\":null", "reason\":\"stop\""), "begun"),
                Arguments.of(Shape.OPENAI_CHAT, ROLE + "data: [DONE]\n\n", "begun"),
                Arguments.of(Shape.ANTHROPIC_MESSAGES, START + "event: error\ndata: {\"error\":{}}\n\n", "failed"),
                Arguments.of(Shape.ANTHROPIC_MESSAGES, "data: {\"type\":\"error\"}\n\n", "failed"),
                Arguments.of(Shape.ANTHROPIC_MESSAGES, START, "broke"),
                Arguments.of(Shape.ANTHROPIC_MESSAGES, START + "event: content_block_start\ndata: {}\n\n", "begun"),
                Arguments.of(Shape.ANTHROPIC_MESSAGES, START + "event: of_tomorrow\ndata: {}\n\n", "begun"),
                Arguments.of(Shape.OPENAI_RESPONSES, CREATED + "event: response.failed\ndata: {}\n\n", "failed"),
                Arguments.of(Shape.OPENAI_RESPONSES, "event: error\ndata: {}\n\n", "failed"),
                Arguments.of(Shape.OPENAI_RESPONSES, CREATED, "broke"),
                Arguments.of(Shape.OPENAI_RESPONSES, CREATED + "event: response.incomplete\ndata: {}\n\n", "begun"),
                Arguments.of(
                        Shape.OPENAI_RESPONSES, CREATED + "event: response.output_item.added\ndata: {}\n\n", "begun"));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void seesTheSameInWhateverPiecesItComes(Shape shape, String text, String seen) throws Exception {
        var bytes = text.getBytes(UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            var opened = opening.look(FakeReply.stream(bytes, cut, cut + 1), shape, PATIENCE, () -> true);

            assertThat(word(opened)).as("cut at " + cut).isEqualTo(seen);
            assertThat(rest(opened.reply())).as("cut at " + cut).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void doesNotWaitForWhatComesBehindTheFirstContent(Shape shape, String text, String seen) {
        var reply = FakeReply.stream(text.getBytes(UTF_8)).thenBroken(Reply.Broken.How.CUT_OFF);

        assertThat(word(opening.look(reply, shape, PATIENCE, () -> true))).isEqualTo(seen);
    }

    @Test
    void holdsNoMoreThanABound() throws Exception {
        var text = START.repeat(2_000);

        var opened =
                opening.look(FakeReply.stream(text.getBytes(UTF_8)), Shape.ANTHROPIC_MESSAGES, PATIENCE, () -> true);

        assertThat(opened).isInstanceOf(Seen.Begun.class);
        assertThat(rest(opened.reply())).isEqualTo(text);
    }

    @Test
    void readsAWholeAnswerBeforeAByteOfItPasses() throws Exception {
        var text = "{\"words\":\"" + "x".repeat(50_000) + "\"}";

        var whole = opening.look(
                FakeReply.json(200, text.getBytes(UTF_8), 7, 9_000), Shape.OPENAI_CHAT, PATIENCE, () -> true);
        var torn = opening.look(
                FakeReply.json(200, text.getBytes(UTF_8)).thenBroken(Reply.Broken.How.CUT_OFF),
                Shape.OPENAI_CHAT,
                PATIENCE,
                () -> true);

        assertThat(word(whole)).isEqualTo("begun");
        assertThat(rest(whole.reply())).isEqualTo(text);
        assertThat(word(torn)).isEqualTo("broke");
    }

    @Test
    void letsAWholeAnswerPassThatThereIsNoRoomFor() throws Exception {
        var room = new Room(20_000);
        var text = "x".repeat(50_000);

        var opened = new Opening(room)
                .look(FakeReply.json(200, text.getBytes(UTF_8)), Shape.OPENAI_CHAT, PATIENCE, () -> true);

        assertThat(rest(opened.reply())).isEqualTo(text);
        assertThat(room.take(20_000)).as("what was taken is given back").isTrue();
    }

    private static String word(Seen seen) {
        return switch (seen) {
            case Seen.Begun _ -> "begun";
            case Seen.Failed _ -> "failed";
            case Seen.Broke _ -> "broke";
        };
    }

    private static String rest(Reply reply) throws Reply.Broken {
        var out = new ByteArrayOutputStream();
        var piece = new byte[1_000];
        int count;
        while ((count = reply.read(piece, 0, () -> {})) >= 0) {
            out.write(piece, 0, count);
        }
        return out.toString(UTF_8);
    }
}
