package com.posthog.aigateway.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseStatus;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MockOpenAiClientTest {
    private static final String TWENTY_WORDS = "Hello from the mock provider. Hello from the mock provider. "
            + "Hello from the mock provider. Hello from the mock provider.";

    private final MockProvider mock = MockProvider.start(0);
    private final OpenAIClient client = OpenAIOkHttpClient.builder()
            .baseUrl(mock.uri() + "/v1")
            .apiKey("sk-test")
            .responseValidation(true)
            .maxRetries(0)
            .build();

    /// A tool, as the client describes it to the provider.
    public static final class Weather {
        public String city = "";
    }

    @AfterEach
    void close() {
        client.close();
        mock.close();
    }

    @Test
    void answersAChat() {
        var completion = client.chat().completions().create(chat().build());

        assertThat(completion.choices().getFirst().message().content()).hasValue(TWENTY_WORDS);
        assertThat(completion.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        var usage = completion.usage().orElseThrow();
        int sent = mock.received().getLast().body().length;
        assertThat(usage.promptTokens()).isEqualTo(Math.ceilDiv(sent, 4));
        assertThat(usage.completionTokens()).isEqualTo(20);
    }

    @Test
    void streamsAChatWithItsUsage() {
        var accumulator = ChatCompletionAccumulator.create();
        var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();
        try (var stream = client.chat()
                .completions()
                .createStreaming(chat().streamOptions(options).build())) {
            stream.stream().peek(chunk -> chunk.validate()).forEach(accumulator::accumulate);
        }

        var completion = accumulator.chatCompletion();
        assertThat(completion.choices().getFirst().message().content()).hasValue(TWENTY_WORDS);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(20);
    }

    @Test
    void stopsAChatAtTheLimit() {
        var completion =
                client.chat().completions().create(chat().maxCompletionTokens(3).build());

        assertThat(completion.choices().getFirst().message().content()).hasValue("Hello from the");
        assertThat(completion.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
    }

    @Test
    void callsAToolInAChatAndThenTalks() {
        var first =
                client.chat().completions().create(chat().addTool(Weather.class).build());
        var message = first.choices().getFirst().message();
        var call = message.toolCalls().orElseThrow().getFirst().asFunction();

        assertThat(call.function().name()).isEqualTo("Weather");
        assertThat(call.function().arguments()).isEqualTo("{\"city\":\"Paris\"}");

        var result = ChatCompletionToolMessageParam.builder()
                .toolCallId(call.id())
                .content("Sun")
                .build();
        var second = client.chat()
                .completions()
                .create(chat().addTool(Weather.class)
                        .addMessage(message)
                        .addMessage(result)
                        .build());
        assertThat(second.choices().getFirst().message().content()).hasValue(TWENTY_WORDS);
    }

    @Test
    void streamsAToolCallInAChat() {
        var accumulator = ChatCompletionAccumulator.create();
        try (var stream = client.chat()
                .completions()
                .createStreaming(chat().addTool(Weather.class).build())) {
            stream.stream().forEach(accumulator::accumulate);
        }

        var choice = accumulator.chatCompletion().choices().getFirst();
        var call = choice.message().toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.function().arguments()).isEqualTo("{\"city\":\"Paris\"}");
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    }

    @Test
    void answersAResponse() {
        var response = client.responses().create(response().build());

        assertThat(textOf(response)).isEqualTo(TWENTY_WORDS);
        assertThat(response.usage().orElseThrow().outputTokens()).isEqualTo(20);
        assertThat(response.status()).hasValue(ResponseStatus.COMPLETED);
    }

    @Test
    void streamsAResponse() {
        var accumulator = ResponseAccumulator.create();
        try (var stream = client.responses().createStreaming(response().build())) {
            stream.stream().peek(event -> event.validate()).forEach(accumulator::accumulate);
        }

        assertThat(textOf(accumulator.response())).isEqualTo(TWENTY_WORDS);
        assertThat(accumulator.response().usage().orElseThrow().outputTokens()).isEqualTo(20);
    }

    @Test
    void leavesAResponseIncompleteAtTheLimit() {
        var accumulator = ResponseAccumulator.create();
        try (var stream =
                client.responses().createStreaming(response().maxOutputTokens(2).build())) {
            stream.stream().forEach(accumulator::accumulate);
        }

        assertThat(accumulator.response().status()).hasValue(ResponseStatus.INCOMPLETE);
        assertThat(textOf(accumulator.response())).isEqualTo("Hello from");
    }

    @Test
    void callsAToolInAResponseAndThenTalks() {
        var accumulator = ResponseAccumulator.create();
        try (var stream = client.responses()
                .createStreaming(response().addTool(Weather.class).build())) {
            stream.stream().peek(event -> event.validate()).forEach(accumulator::accumulate);
        }
        var call = accumulator.response().output().getFirst().asFunctionCall();

        assertThat(call.name()).isEqualTo("Weather");
        assertThat(call.arguments()).isEqualTo("{\"city\":\"Paris\"}");

        var result = ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                .callId(call.callId())
                .output("Sun")
                .build());
        var second = client.responses()
                .create(response()
                        .addTool(Weather.class)
                        .inputOfResponse(List.of(ResponseInputItem.ofFunctionCall(call), result))
                        .build());
        assertThat(textOf(second)).isEqualTo(TWENTY_WORDS);
    }

    @Test
    void embeds() {
        var embeddings = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("text-embedding-3-small")
                        .inputOfArrayOfStrings(List.of("one", "two"))
                        .dimensions(4)
                        .build());

        assertThat(embeddings.data()).hasSize(2);
        assertThat(embeddings.data().getLast().embedding()).containsExactly(0.5f, 0.5f, 0.5f, 0.5f);
    }

    @Test
    void listsModels() {
        assertThat(client.models().list().data()).isNotEmpty();
    }

    @Test
    void failsInWaysTheClientKnows() {
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(chat("mock-status=429").build()))
                .isInstanceOf(RateLimitException.class);
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(chat("mock-status=503").build()))
                .isInstanceOf(InternalServerException.class);
        assertThatThrownBy(
                        () -> client.chat().completions().create(chat("llama").build()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void failsInTheMiddleOfAStream() {
        assertThatThrownBy(() -> consume("mock-status=500,after=3")).isInstanceOf(SseException.class);
        assertThatThrownBy(() -> consume("mock-cut,after=3")).isInstanceOf(OpenAIIoException.class);
    }

    private void consume(String model) {
        try (var stream =
                client.chat().completions().createStreaming(chat(model).build())) {
            stream.stream().forEach(chunk -> chunk.validate());
        }
    }

    private static ChatCompletionCreateParams.Builder chat() {
        return chat("gpt-6-sol");
    }

    private static ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Hi");
    }

    private static ResponseCreateParams.Builder response() {
        return ResponseCreateParams.builder().model("gpt-6-sol").input("Hi");
    }

    private static String textOf(Response response) {
        var content = response.output().getFirst().asMessage().content().getFirst();
        return content.asOutputText().text();
    }
}
