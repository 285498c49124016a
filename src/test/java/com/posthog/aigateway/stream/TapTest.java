package com.posthog.aigateway.stream;

import static com.posthog.aigateway.call.Shape.ANTHROPIC_MESSAGES;
import static com.posthog.aigateway.call.Shape.OPENAI_CHAT;
import static com.posthog.aigateway.call.Shape.OPENAI_EMBEDDINGS;
import static com.posthog.aigateway.call.Shape.OPENAI_RESPONSES;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.call.Usage;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TapTest {

    @Test
    void readsAChatStream() {
        var reading = Read.events(OPENAI_CHAT, """
                data: {"id":"c1","model":"m1","service_tier":"priority","choices":[{"delta":{"content":"12345678"}}]}

                data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":null}

                data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":\
                {"cached_tokens":4,"cache_write_tokens":1},"completion_tokens_details":{"reasoning_tokens":2}}}

                data: {"choices":[],"usage":null,"moderation":{}}

                data: [DONE]

                """);

        assertThat(reading.id()).isEqualTo("c1");
        assertThat(reading.model()).isEqualTo("m1");
        assertThat(reading.stopReason()).isEqualTo("stop");
        assertThat(reading.finished()).isTrue();
        assertThat(reading.outputTokens()).isEqualTo(2);
        assertThat(reading.usage())
                .isEqualTo(
                        new Usage(5, 4, 1, 0, 5, 2, 0, 0, 0, 0, 0, new Usage.Terms("priority", null, null), List.of()));
    }

    @Test
    void believesTheLastUsageAlsoWhereItIsLess() {
        var chat = Read.events(OPENAI_CHAT, """
                data: {"choices":[{"delta":{"content":"1"}}],"usage":{"prompt_tokens":90,"completion_tokens":50}}

                data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}

                data: [DONE]

                """);
        var messages = Read.events(ANTHROPIC_MESSAGES, """
                event: message_start
                data: {"type":"message_start","message":{"usage":{"input_tokens":90,"output_tokens":1}}}

                event: message_delta
                data: {"type":"message_delta","delta":{},"usage":{"input_tokens":90,"output_tokens":50}}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":10,"output_tokens":5}}

                event: message_stop
                data: {"type":"message_stop"}

                """);

        assertThat(chat.usage()).isEqualTo(Usage.estimate(10, 5));
        assertThat(messages.usage()).isEqualTo(Usage.estimate(10, 5));
    }

    @Test
    void readsAResponsesStream() {
        var reading = Read.events(OPENAI_RESPONSES, """
                event: response.created
                data: {"type":"response.created","response":{"id":"r1","model":"m1"}}

                event: response.output_text.delta
                data: {"type":"response.output_text.delta","delta":"12345"}

                event: response.output_text.done
                data: {"type":"response.output_text.done","text":"12345"}

                event: response.incomplete
                data: {"type":"response.incomplete","response":{"status":"incomplete","usage":{"input_tokens":9,\
                "output_tokens":3},"output":[{"type":"web_search_call","action":{"type":"search"}},\
                {"type":"web_search_call","action":{"type":"open_page"}}]}}

                """);

        assertThat(reading.id()).isEqualTo("r1");
        assertThat(reading.model()).isEqualTo("m1");
        assertThat(reading.stopReason()).isEqualTo("incomplete");
        assertThat(reading.finished()).isTrue();
        assertThat(reading.outputTokens()).isEqualTo(2);
        assertThat(Objects.requireNonNull(reading.usage()).webSearches()).isEqualTo(1);
        assertThat(reading.usage().input()).isEqualTo(9);
    }

    private static final String START = """
            event: message_start
            data: {"type":"message_start","message":{"id":"m1","model":"c","usage":{"input_tokens":9,"output_tokens":1,\
            "cache_creation_input_tokens":6,"cache_creation":{"ephemeral_1h_input_tokens":4}}}}

            event: content_block_delta
            data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"12345"}}

            """;

    @Test
    void readsAMessagesStream() {
        var reading = Read.events(ANTHROPIC_MESSAGES, START + """
                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":null,"output_tokens":7}}

                event: message_stop
                data: {"type":"message_stop"}

                """);

        assertThat(reading.id()).isEqualTo("m1");
        assertThat(reading.stopReason()).isEqualTo("end_turn");
        assertThat(reading.finished()).isTrue();
        assertThat(reading.outputTokens()).isEqualTo(2);
        assertThat(reading.usage()).isEqualTo(new Usage(9, 0, 2, 4, 7, 0, 0, 0, 0, 0, 0, Usage.Terms.NONE, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n"})
    void doesNotTakeTheStartsUsageForTheEnds(String rest) {
        var reading = Read.events(ANTHROPIC_MESSAGES, START + rest);

        assertThat(reading.usage()).isNull();
        assertThat(Objects.requireNonNull(reading.begun()).input()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI_RESPONSES", "ANTHROPIC_MESSAGES"})
    void readsTheTypeWhereTheEventHasNoName(Shape shape) {
        var reading = Read.events(shape, "data: {\"error\":{\"type\":\"t\",\"message\":\"m\"},\"type\":\"error\"}\n\n");

        assertThat(reading.finished()).isTrue();
        assertThat(reading.error()).isEqualTo("t: m");
        assertThat(reading.errorKind()).isEqualTo("t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt_tokens\":-1,\"completion_tokens\":1}",
                "{\"prompt_tokens\":1.5,\"completion_tokens\":1}",
                "{\"prompt_tokens\":\"1\",\"completion_tokens\":1}",
                "{\"prompt_tokens\":1,\"prompt_tokens_details\":{\"cached_tokens\":2},\"completion_tokens\":1}",
                "{\"prompt_tokens\":99999999999999999999,\"completion_tokens\":1}",
                "{}",
                "null",
                "[]"
            })
    void believesNoUsageThatCannotBe(String usage) {
        assertThat(Read.whole(OPENAI_CHAT, "{\"id\":\"c\",\"usage\":" + usage + "}")
                        .usage())
                .isNull();
        assertThat(Read.events(OPENAI_CHAT, "data: {\"choices\":[],\"usage\":" + usage + "}\n\n")
                        .usage())
                .isNull();
    }

    /// A step that is billed beside the totals and cannot be read would be given away.
    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "\"1\"", "99999999999999999999"})
    void believesNoUsageWithAStepThatCannotBe(String tokens) {
        var usage = "{\"input_tokens\":5,\"output_tokens\":5,\"iterations\":[{\"type\":\"compaction\",\"input_tokens\":"
                + tokens + "}]}";

        assertThat(Read.whole(ANTHROPIC_MESSAGES, "{\"id\":\"m\",\"usage\":" + usage + "}")
                        .usage())
                .isNull();
    }

    @Test
    void readsEmbeddings() {
        var reading = Read.whole(
                OPENAI_EMBEDDINGS,
                "{\"data\":[{\"embedding\":[0.1]}],\"model\":\"e\",\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}");

        assertThat(reading.model()).isEqualTo("e");
        assertThat(Objects.requireNonNull(reading.usage()).input()).isEqualTo(3);
        assertThat(reading.usage().output()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void readsNothingOffWhatIsNoJson(Shape shape) {
        for (var body : List.of("", "<html>", "[1]", "{\"id\":", "null")) {
            var reading = Read.whole(shape, body);

            assertThat(reading.finished()).isFalse();
            assertThat(reading.usage()).isNull();
        }
    }
}
