package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StructuredMessage;
import com.anthropic.models.messages.Tool;
import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Ending;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The official Anthropic SDK, once straight at the provider and once through the gateway: it must not see a
/// difference, and neither must the provider.
class AnthropicSdkTest {

    private static final Tool WEATHER = Tool.builder()
            .name("weather")
            .inputSchema(Tool.InputSchema.builder()
                    .properties(Tool.InputSchema.Properties.builder()
                            .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                            .build())
                    .required(List.of("city"))
                    .build())
            .build();

    @TempDir
    Path folder;

    private Rig rig;
    private AnthropicClient direct;
    private AnthropicClient through;

    @BeforeEach
    void start() {
        rig = Rig.start(folder);
        direct = client(rig.mock.uri(), "any-key");
        through = client(rig.uri(), Rig.KEY);
    }

    @AfterEach
    void stop() {
        direct.close();
        through.close();
        rig.close();
    }

    @Test
    void answersAsTheProviderItself() {
        var params = message("claude-sonnet-5-5").build();

        var expected = direct.messages().create(params);
        try (var actual = through.messages().withRawResponse().create(params)) {
            var message = actual.parse();
            assertThat(message.content()).isEqualTo(expected.content());
            assertThat(message.usage()).isEqualTo(expected.usage());
            assertThat(message.stopReason()).isEqualTo(expected.stopReason());
            assertThat(actual.headers().values("request-id"))
                    .singleElement()
                    .asString()
                    .startsWith("req_mock");
        }
        assertBodiesEqual();
        assertEvent(expected.usage().inputTokens(), 20);
    }

    @Test
    void streamsEventForEvent() {
        var params = message("claude-sonnet-5-5").build();

        var expected = events(direct, params);
        var actual = events(through, params);

        assertThat(actual).hasSameSizeAs(expected);
        assertThat(accumulated(actual).content())
                .isEqualTo(accumulated(expected).content());
        assertThat(accumulated(actual).usage()).isEqualTo(accumulated(expected).usage());
        assertBodiesEqual();
        assertEvent(accumulated(actual).usage().inputTokens(), 20);
    }

    @Test
    void callsATool() {
        var params = message("claude-sonnet-5-5").addTool(WEATHER).build();

        var use = accumulated(events(through, params)).content().getFirst().asToolUse();

        assertThat(use._input()).isEqualTo(JsonValue.from(Map.of("city", "Paris")));
        var output = rig.events(1).getFirst().at("/properties/$ai_output_choices/0/content/0/function");
        assertThat(output.path("name").asText()).isEqualTo("weather");
        assertThat(output.at("/arguments/city").asText()).isEqualTo("Paris");
    }

    /// What an answer is to look like.
    public static final class Weather {
        public String city = "";
    }

    @Test
    void answersInTheFormThatTheClientAsksFor() {
        var params = message("claude-sonnet-5-5").outputConfig(Weather.class).build();

        var expected = direct.messages().create(params);
        var actual = through.messages().create(params);

        assertThat(city(actual)).isEqualTo(city(expected)).isNotEmpty();
        assertBodiesEqual();
    }

    private static String city(StructuredMessage<Weather> message) {
        return message.content().getFirst().asText().text().city;
    }

    @Test
    void countsTokensForNothing() {
        var params = MessageCountTokensParams.builder()
                .model("claude-sonnet-5-5")
                .addUserMessage("Hi")
                .build();

        var expected = direct.messages().countTokens(params);
        var actual = through.messages().countTokens(params);

        assertThat(actual.inputTokens()).isEqualTo(expected.inputTokens());
        assertThat(rig.receipt().cost()).isEqualTo(Cost.NOTHING);
        assertThat(rig.sink.events()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock-status=529", "mock-status=500", "mock-status=429", "mock-status=401", "mock-cut=0"})
    void countsTokensByItselfWhereNoProviderDoes(String model) {
        var counted = through.messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model(model)
                        .addUserMessage("How many tokens are these?")
                        .build());

        assertThat(counted.inputTokens()).isBetween(7L, 200L);
        assertThat(rig.receipt().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(rig.receipt().attempts()).isNotEmpty().allMatch(attempt -> attempt.fault() != null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mock-status=400",
                "mock-status=404",
                "mock-status=429,retry-after=7",
                "mock-status=500",
                "mock-status=529",
                "no-such-model"
            })
    void failsAsTheProviderItself(String model) {
        var params = message(model).build();

        var expected = catchThrowableOfType(
                AnthropicServiceException.class, () -> direct.messages().create(params));
        var actual = catchThrowableOfType(
                AnthropicServiceException.class, () -> through.messages().create(params));

        assertThat(actual).hasSameClassAs(expected);
        assertThat(actual.statusCode()).isEqualTo(expected.statusCode());
        assertThat(actual.headers().values("retry-after"))
                .isEqualTo(expected.headers().values("retry-after"));
        assertThat(rig.receipt().ending()).isEqualTo(Ending.FAILED);
        assertThat(rig.receipt().cost()).isEqualTo(Cost.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock-status=529,after=4", "mock-cut,after=4", "mock-truncate,after=4"})
    void seesAStreamThatBreaksAsAnError(String model) {
        var actual = catchThrowable(() -> events(through, message(model).build()));

        assertThat(actual).isNotNull().isInstanceOf(AnthropicException.class);
        assertThat(rig.receipt().ending()).isEqualTo(Ending.INCOMPLETE);
        assertThat(rig.receipt().cost().estimated()).isTrue();
    }

    @Test
    void isToldOfABadKeyInItsOwnWords() {
        var stranger = client(rig.uri(), "sk-unknown");

        var refusal = catchThrowableOfType(
                UnauthorizedException.class,
                () -> stranger.messages().create(message("claude-opus-5-5").build()));

        stranger.close();
        assertThat(refusal).hasMessageContaining("authentication_error");
        assertThat(refusal.headers().values("request-id")).hasSize(1);
        assertThat(rig.mock.received()).isEmpty();
    }

    private void assertBodiesEqual() {
        var bodies = rig.mock.received().stream()
                .map(received -> new String(received.body(), UTF_8))
                .toList();
        assertThat(bodies).hasSize(2);
        assertThat(bodies.getLast()).isEqualTo(bodies.getFirst());
    }

    private void assertEvent(long input, long output) {
        var properties = rig.events(1).getFirst().path("properties");
        assertThat(properties.path("$ai_input_tokens").asLong()).isEqualTo(input);
        assertThat(properties.path("$ai_output_tokens").asLong()).isEqualTo(output);
        assertThat(properties.path("$ai_cache_reporting_exclusive").isBoolean()).isTrue();
        assertThat(properties.path("$ai_total_cost_usd").decimalValue())
                .isEqualByComparingTo(rig.receipt().cost().total().usd())
                .isPositive();
    }

    private static List<RawMessageStreamEvent> events(AnthropicClient client, MessageCreateParams params) {
        try (var stream = client.messages().createStreaming(params)) {
            return stream.stream().toList();
        }
    }

    private static Message accumulated(List<RawMessageStreamEvent> events) {
        var accumulator = MessageAccumulator.create();
        events.forEach(accumulator::accumulate);
        return accumulator.message();
    }

    private static AnthropicClient client(URI base, String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(base.toString())
                .apiKey(key)
                .responseValidation(true)
                .maxRetries(0)
                .build();
    }

    private static MessageCreateParams.Builder message(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(1_000).addUserMessage("Hi");
    }
}
