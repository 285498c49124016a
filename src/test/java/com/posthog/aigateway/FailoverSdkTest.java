package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.mock.MockProvider;
import com.posthog.aigateway.testing.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The official SDKs, while a primary fails inside the window, and behind it.
class FailoverSdkTest {

    private static final String PLAY = "x-primary";
    private static final String LATE = "content-error=overloaded_error";

    @TempDir
    Path folder;

    private final PlayedProvider primary = new PlayedProvider("primary");
    private final MockProvider fallback = MockProvider.start(0, null, null);
    private FailoverRig rig;
    private OpenAIClient openai;
    private AnthropicClient anthropic;

    @BeforeEach
    void start() throws IOException {
        rig = FailoverRig.start(folder, primary.uri(), fallback.uri(), Clock.systemUTC());
        openai = OpenAIOkHttpClient.builder()
                .baseUrl(rig.uri() + "/v1")
                .apiKey(Rig.KEY)
                .maxRetries(0)
                .build();
        anthropic = AnthropicOkHttpClient.builder()
                .baseUrl(rig.uri().toString())
                .apiKey(Rig.KEY)
                .maxRetries(0)
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        openai.close();
        anthropic.close();
        rig.close();
        primary.close();
        fallback.close();
    }

    private Receipt receipt() {
        return Eventually.get(() -> rig.gateway.journal().newest(1), found -> !found.isEmpty())
                .getFirst();
    }

    private Message message(String play) {
        var params = MessageCreateParams.builder()
                .model("c")
                .maxTokens(100)
                .addUserMessage("Hi")
                .putAdditionalHeader(PLAY, play)
                .build();
        var accumulator = MessageAccumulator.create();
        try (var stream = anthropic.messages().createStreaming(params)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.message();
    }

    private List<ChatCompletionChunk> chat(String play) {
        var params = ChatCompletionCreateParams.builder()
                .model("m")
                .addUserMessage("Hi")
                .putAdditionalHeader(PLAY, play)
                .build();
        try (var stream = openai.chat().completions().createStreaming(params)) {
            return stream.stream().toList();
        }
    }

    private List<ResponseStreamEvent> respond(String play) {
        var params = ResponseCreateParams.builder()
                .model("m")
                .input("Hi")
                .putAdditionalHeader(PLAY, play)
                .build();
        try (var stream = openai.responses().createStreaming(params)) {
            return stream.stream().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"status=529", "error-first=overloaded_error", "preamble-error=overloaded_error", "preamble-cut"})
    void seeOneMessageOfOneModel(String play) {
        var message = message(play);

        assertThat(message.model().asString()).isEqualTo("claude-second");
        assertThat(message.id()).doesNotContain("primary");
        assertThat(message.content()).isNotEmpty();
        assertThat(receipt().ending()).isEqualTo(Ending.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status=500", "error-first=server_error", "preamble-error=server_error", "preamble-end"})
    void seeOneChatOfOneModel(String play) {
        var chunks = chat(play);

        assertThat(chunks).extracting(ChatCompletionChunk::model).containsOnly("gpt-second");
        assertThat(chunks).extracting(ChatCompletionChunk::id).doesNotContain("chatcmpl-primary");
        assertThat(chunks.stream().map(ChatCompletionChunk::id).distinct()).hasSize(1);
        assertThat(receipt().ending()).isEqualTo(Ending.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status=500", "preamble-error=server_error", "preamble-cut"})
    void seeOneResponseOfOneModel(String play) {
        var events = respond(play);

        var created = events.getFirst().asCreated().response();
        var completed = events.getLast().asCompleted().response();
        assertThat(events.stream().filter(ResponseStreamEvent::isCreated)).hasSize(1);
        assertThat(completed.id()).isEqualTo(created.id()).isNotEqualTo("resp_primary");
        assertThat(receipt().ending()).isEqualTo(Ending.COMPLETE);
    }

    @Test
    void seeTheirOwnErrorOnceContentWentOut() {
        assertThat(catchThrowable(() -> message(LATE))).isInstanceOf(AnthropicException.class);
        assertThat(receipt().ending()).isEqualTo(Ending.INCOMPLETE);
        assertThat(catchThrowable(() -> chat("content-error=server_error"))).isInstanceOf(OpenAIException.class);
        assertThat(receipt().ending()).isEqualTo(Ending.INCOMPLETE);
        assertThat(fallback.received()).isEmpty();
    }
}
