package com.posthog.aigateway.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.errors.OverloadedException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MockAnthropicClientTest {
    private static final Tool WEATHER = Tool.builder()
            .name("weather")
            .inputSchema(Tool.InputSchema.builder()
                    .properties(Tool.InputSchema.Properties.builder()
                            .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                            .build())
                    .required(List.of("city"))
                    .build())
            .build();

    private static final JsonValue PARIS = JsonValue.from(Map.of("city", "Paris"));

    private final MockProvider mock = MockProvider.start(0);
    private final AnthropicClient client = client("sk-test");

    @AfterEach
    void close() {
        client.close();
        mock.close();
    }

    @Test
    void answersAMessage() {
        var message = client.messages().create(message("claude-sonnet-5-5").build());

        assertThat(textOf(message))
                .startsWith("Hello from the mock provider. Hello")
                .endsWith("provider.");
        assertThat(message.stopReason()).hasValue(StopReason.END_TURN);
        int sent = mock.received().getLast().body().length;
        assertThat(message.usage().inputTokens()).isEqualTo(Math.ceilDiv(sent, 4));
        assertThat(message.usage().outputTokens()).isEqualTo(20);
    }

    @Test
    void streamsAMessage() {
        var message = streamed(message("claude-sonnet-5-5").build());

        assertThat(textOf(message))
                .startsWith("Hello from the mock provider. Hello")
                .endsWith("provider.");
        assertThat(message.usage().outputTokens()).isEqualTo(20);
    }

    @Test
    void stopsAMessageAtTheLimit() {
        var message = streamed(message("claude-sonnet-5-5").maxTokens(4).build());

        assertThat(textOf(message)).isEqualTo("Hello from the mock");
        assertThat(message.stopReason()).hasValue(StopReason.MAX_TOKENS);
    }

    @Test
    void callsAToolAndThenTalks() {
        var first = streamed(message("claude-sonnet-5-5").addTool(WEATHER).build());
        var use = first.content().getFirst().asToolUse();

        assertThat(first.stopReason()).hasValue(StopReason.TOOL_USE);
        assertThat(use.name()).isEqualTo("weather");
        assertThat(use._input()).isEqualTo(PARIS);

        var result = ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                .toolUseId(use.id())
                .content("Sun")
                .build());
        var second = client.messages()
                .create(message("claude-sonnet-5-5")
                        .addTool(WEATHER)
                        .addMessage(first)
                        .addUserMessageOfContentBlockParams(List.of(result))
                        .build());
        assertThat(textOf(second)).startsWith("Hello");
    }

    @Test
    void callsAToolWithoutAStream() {
        var message = client.messages()
                .create(message("claude-sonnet-5-5").addTool(WEATHER).build());

        assertThat(message.content().getFirst().asToolUse()._input()).isEqualTo(PARIS);
    }

    @Test
    void countsTokens() {
        var count = client.messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model("claude-sonnet-5-5")
                        .addUserMessage("Hi")
                        .build());

        int sent = mock.received().getLast().body().length;
        assertThat(count.inputTokens()).isEqualTo(Math.ceilDiv(sent, 4));
    }

    @Test
    void listsModels() {
        assertThat(client.models().list().data()).isNotEmpty();
    }

    @Test
    void failsInWaysTheClientKnows() {
        assertThatThrownBy(() ->
                        client.messages().create(message("mock-status=429").build()))
                .isInstanceOf(RateLimitException.class);
        assertThatThrownBy(() ->
                        client.messages().create(message("mock-status=529").build()))
                .isInstanceOf(OverloadedException.class);
        var stranger = client("invalid");
        assertThatThrownBy(() ->
                        stranger.messages().create(message("claude-opus-5-5").build()))
                .isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void failsInTheMiddleOfAStream() {
        assertThatThrownBy(() -> streamed(message("mock-status=529,after=4").build()))
                .isInstanceOf(SseException.class);
    }

    private Message streamed(MessageCreateParams params) {
        var accumulator = MessageAccumulator.create();
        try (var stream = client.messages().createStreaming(params)) {
            stream.stream().peek(event -> event.validate()).forEach(accumulator::accumulate);
        }
        return accumulator.message();
    }

    private AnthropicClient client(String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(mock.uri().toString())
                .apiKey(key)
                .responseValidation(true)
                .maxRetries(0)
                .build();
    }

    private static MessageCreateParams.Builder message(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(1_000).addUserMessage("Hi");
    }

    private static String textOf(Message message) {
        return message.content().getFirst().asText().text();
    }
}
