package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.StructuredChatCompletion;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Usage;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The official OpenAI SDK, once straight at the provider and once through the gateway: it must not see a difference,
/// and neither must the provider.
class OpenAiSdkTest {

    @TempDir
    Path folder;

    private Rig rig;
    private OpenAIClient direct;
    private OpenAIClient through;

    /// A tool, as the client describes it to the provider.
    public static final class Weather {
        public String city = "";
    }

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
    void chatsAsWithTheProviderItself() {
        var params = chat("gpt-6-sol").build();

        var expected = direct.chat().completions().create(params);
        try (var actual = through.chat().completions().withRawResponse().create(params)) {
            var completion = actual.parse();
            assertThat(completion.choices()).isEqualTo(expected.choices());
            assertThat(completion.usage()).isEqualTo(expected.usage());
            assertThat(actual.headers().values("x-request-id"))
                    .singleElement()
                    .asString()
                    .startsWith("req_mock");
            assertThat(actual.headers().values("x-posthog-cost-usd"))
                    .singleElement()
                    .isEqualTo(costOfTheReceipt());
        }
        assertBodiesEqual();
        var usage = expected.usage().orElseThrow();
        assertUsage(usage.promptTokens(), usage.completionTokens());
    }

    @Test
    void streamsAChatWithTheUsageThatWasAskedFor() {
        var params = chat("gpt-6-sol")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();

        var expected = chunks(direct, params);
        var actual = chunks(through, params);

        assertThat(actual).hasSameSizeAs(expected);
        assertThat(actual.getLast().usage())
                .isPresent()
                .isEqualTo(expected.getLast().usage());
        assertBodiesEqual();
    }

    @Test
    void streamsAChatWithoutUsageAndStillKnowsIt() {
        var params = chat("gpt-6-sol").build();

        var expected = chunks(direct, params);
        var actual = chunks(through, params);

        assertThat(actual)
                .hasSameSizeAs(expected)
                .allMatch(chunk -> chunk.usage().isEmpty());
        assertThat(actual.getLast().choices()).isEqualTo(expected.getLast().choices());
        var bodies = bodies();
        assertThat(bodies.getLast())
                .isEqualTo("{\"stream_options\":{\"include_usage\":true},"
                        + bodies.getFirst().substring(1));
        assertUsage(Math.ceilDiv(bodies.getLast().length(), 4), 20);
    }

    @Test
    void callsATool() {
        var params = chat("gpt-6-sol").addTool(Weather.class).build();

        var accumulator = ChatCompletionAccumulator.create();
        try (var stream = through.chat().completions().createStreaming(params)) {
            stream.stream().forEach(accumulator::accumulate);
        }

        var call = accumulator
                .chatCompletion()
                .choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction();
        assertThat(call.function().arguments()).isEqualTo("{\"city\":\"Paris\"}");
        var output = rig.events(1).getFirst().at("/properties/$ai_output_choices/0/content/0/function");
        assertThat(output.path("name").asText()).isEqualTo("Weather");
        assertThat(output.path("arguments").asText()).isEqualTo("{\"city\":\"Paris\"}");
    }

    @Test
    void answersInTheFormThatTheClientAsksFor() {
        var chat = chat("gpt-6-sol").responseFormat(Weather.class).build();
        var response = response().text(Weather.class).build();

        var expected = direct.chat().completions().create(chat);
        var actual = through.chat().completions().create(chat);
        var expectedResponse = direct.responses().create(response);
        var actualResponse = through.responses().create(response);

        assertThat(city(actual)).isEqualTo(city(expected)).isNotEmpty();
        assertThat(actualResponse.output()).hasSameSizeAs(expectedResponse.output());
        assertThat(bodies().get(1)).isEqualTo(bodies().get(0)).contains("json_schema");
        assertThat(bodies().get(3)).isEqualTo(bodies().get(2)).contains("json_schema");
    }

    private static String city(StructuredChatCompletion<Weather> completion) {
        return completion.choices().getFirst().message().content().orElseThrow().city;
    }

    @Test
    void respondsAsTheProviderItself() {
        var params = response().build();

        var expected = direct.responses().create(params);
        var actual = through.responses().create(params);

        assertThat(actual.usage()).isEqualTo(expected.usage());
        assertThat(actual.output().getFirst().asMessage().content())
                .isEqualTo(expected.output().getFirst().asMessage().content());
        assertBodiesEqual();
        assertUsage(actual.usage().orElseThrow().inputTokens(), 20);
    }

    @Test
    void streamsAResponseEventForEvent() {
        var params = response().addTool(Weather.class).build();

        var expected = events(direct, params);
        var actual = events(through, params);

        assertThat(actual).hasSameSizeAs(expected);
        var accumulator = ResponseAccumulator.create();
        actual.forEach(accumulator::accumulate);
        assertThat(accumulator.response().output().getFirst().asFunctionCall().arguments())
                .isEqualTo("{\"city\":\"Paris\"}");
        assertBodiesEqual();
        assertThat(rig.receipt().reading().usage())
                .extracting(Usage::output)
                .isEqualTo(accumulator.response().usage().orElseThrow().outputTokens());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mock-status=400",
                "mock-status=404",
                "mock-status=429,retry-after=7",
                "mock-status=500",
                "mock-status=503",
                "no-such-model"
            })
    void failsAsTheProviderItself(String model) {
        var params = chat(model).build();

        var expected = catchThrowableOfType(
                OpenAIServiceException.class, () -> direct.chat().completions().create(params));
        var actual = catchThrowableOfType(
                OpenAIServiceException.class, () -> through.chat().completions().create(params));

        assertThat(actual).hasSameClassAs(expected).hasMessage(expected.getMessage());
        assertThat(actual.statusCode()).isEqualTo(expected.statusCode());
        assertThat(actual.body()).isEqualTo(expected.body());
        assertThat(actual.headers().values("retry-after"))
                .isEqualTo(expected.headers().values("retry-after"));
        assertThat(rig.receipt().ending()).isEqualTo(Ending.FAILED);
        var properties = rig.events(1).getFirst().path("properties");
        assertThat(properties.path("$ai_is_error").asBoolean()).isTrue();
        assertThat(properties.path("$ai_http_status").asInt()).isEqualTo(expected.statusCode());
        assertThat(properties.path("$ai_input")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock-status=500,after=3", "mock-cut,after=3", "mock-truncate,after=3"})
    void seesAStreamThatBreaksAsAnError(String model) {
        var params = chat(model).build();

        var actual = catchThrowable(() -> chunks(through, params));

        assertThat(actual).isNotNull().isInstanceOf(com.openai.errors.OpenAIException.class);
        assertThat(rig.receipt().ending()).isEqualTo(Ending.INCOMPLETE);
    }

    @Test
    void isToldOfABadKeyInItsOwnWords() {
        try (var stranger = new Closing(client(rig.uri(), "sk-unknown"))) {
            var refusal = catchThrowableOfType(
                    UnauthorizedException.class,
                    () -> stranger.client()
                            .chat()
                            .completions()
                            .create(chat("gpt-6-sol").build()));

            assertThat(refusal.code()).hasValue("invalid_api_key");
            assertThat(refusal.headers().values("x-request-id")).hasSize(1);
        }
        assertThat(rig.mock.received()).isEmpty();
    }

    private record Closing(OpenAIClient client) implements AutoCloseable {
        @Override
        public void close() {
            client.close();
        }
    }

    private List<String> bodies() {
        return rig.mock.received().stream()
                .map(received -> new String(received.body(), UTF_8))
                .toList();
    }

    private void assertBodiesEqual() {
        var bodies = bodies();
        assertThat(bodies).hasSize(2);
        assertThat(bodies.getLast()).isEqualTo(bodies.getFirst());
    }

    private String costOfTheReceipt() {
        return rig.receipt().cost().total().toString();
    }

    private void assertUsage(long input, long output) {
        var properties = rig.events(1).getFirst().path("properties");
        assertThat(properties.path("$ai_input_tokens").asLong()).isEqualTo(input);
        assertThat(properties.path("$ai_output_tokens").asLong()).isEqualTo(output);
        assertThat(properties.path("$ai_total_cost_usd").decimalValue())
                .isEqualByComparingTo(rig.receipt().cost().total().usd())
                .isPositive();
    }

    private static List<ChatCompletionChunk> chunks(OpenAIClient client, ChatCompletionCreateParams params) {
        try (var stream = client.chat().completions().createStreaming(params)) {
            return stream.stream().toList();
        }
    }

    private static List<ResponseStreamEvent> events(OpenAIClient client, ResponseCreateParams params) {
        try (var stream = client.responses().createStreaming(params)) {
            return stream.stream().toList();
        }
    }

    private static OpenAIClient client(URI base, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(base + "/v1")
                .apiKey(key)
                .responseValidation(true)
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Hi");
    }

    private static ResponseCreateParams.Builder response() {
        return ResponseCreateParams.builder().model("gpt-6-sol").input("Hi");
    }
}
