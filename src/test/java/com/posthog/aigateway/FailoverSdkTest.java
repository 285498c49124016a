package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The official SDKs, while a primary fails inside the window, and behind it.
class FailoverSdkTest {

    private static final String PLAY = "x-primary";

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

    /// What an SDK gave its caller of a stream.
    ///
    /// @param error at which it gave up; null: it saw the end
    private record Heard<E>(List<E> events, @Nullable Throwable error) {

        static <E> Heard<E> of(Consumer<Consumer<E>> stream) {
            var events = new ArrayList<E>();
            return new Heard<>(events, catchThrowable(() -> stream.accept(events::add)));
        }
    }

    private Message message(String play) {
        var accumulator = MessageAccumulator.create();
        message(play, accumulator::accumulate);
        return accumulator.message();
    }

    private void message(String play, Consumer<RawMessageStreamEvent> events) {
        var params = MessageCreateParams.builder()
                .model("c")
                .maxTokens(100)
                .addUserMessage("Hi")
                .putAdditionalHeader(PLAY, play)
                .build();
        try (var stream = anthropic.messages().createStreaming(params)) {
            stream.stream().forEach(events);
        }
    }

    private List<ChatCompletionChunk> chat(String play) {
        var chunks = new ArrayList<ChatCompletionChunk>();
        chat(play, chunks::add);
        return chunks;
    }

    private void chat(String play, Consumer<ChatCompletionChunk> chunks) {
        var params = ChatCompletionCreateParams.builder()
                .model("m")
                .addUserMessage("Hi")
                .putAdditionalHeader(PLAY, play)
                .build();
        try (var stream = openai.chat().completions().createStreaming(params)) {
            stream.stream().forEach(chunks);
        }
    }

    private List<ResponseStreamEvent> respond(String play) {
        var events = new ArrayList<ResponseStreamEvent>();
        respond(play, events::add);
        return events;
    }

    private void respond(String play, Consumer<ResponseStreamEvent> events) {
        var params = ResponseCreateParams.builder()
                .model("m")
                .input("Hi")
                .putAdditionalHeader(PLAY, play)
                .build();
        try (var stream = openai.responses().createStreaming(params)) {
            stream.stream().forEach(events);
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

    private void assertNobodyElseAnswers() {
        assertThat(receipt().ending()).isEqualTo(Ending.INCOMPLETE);
        assertThat(fallback.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-error=overloaded_error", "content-error=api_error", "content-cut"})
    void throwOnceAMessageHasContent(String play) {
        var heard = Heard.<RawMessageStreamEvent>of(events -> message(play, events));

        assertThat(heard.error()).isInstanceOf(AnthropicException.class);
        assertThat(heard.events())
                .satisfiesExactly(
                        start -> assertThat(start.asMessageStart().message().id())
                                .isEqualTo("msg_primary"),
                        block -> assertThat(block.isContentBlockStart()).isTrue(),
                        words -> assertThat(words.asContentBlockDelta()
                                        .delta()
                                        .asText()
                                        .text())
                                .isEqualTo("words of primary"));
        assertNobodyElseAnswers();
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-error=server_error", "content-cut"})
    void throwOnceAChatHasContent(String play) {
        var heard = Heard.<ChatCompletionChunk>of(chunks -> chat(play, chunks));

        assertThat(heard.error()).isInstanceOf(OpenAIException.class);
        assertThat(heard.events())
                .extracting(
                        chunk -> chunk.choices().getFirst().delta().content().orElse(""))
                .containsExactly("", "words of primary");
        assertNobodyElseAnswers();
    }

    /// The SDK throws nothing on either of the two events: they are events like others, and the last.
    @ParameterizedTest
    @ValueSource(strings = {"content-error=server_error", "content-event=server_error"})
    void hearTheErrorAsTheLastEventOnceAResponseHasContent(String play) {
        var heard = Heard.<ResponseStreamEvent>of(events -> respond(play, events));

        assertThat(heard.error()).isNull();
        assertPrimarysBeginning(heard.events());
        var last = heard.events().getLast();
        assertThat(play.startsWith("content-error") ? last.isFailed() : last.isError())
                .isTrue();
        assertNobodyElseAnswers();
    }

    /// Our event says so first; then the connection ends as that of the provider did.
    @Test
    void throwOnceAResponseWithContentIsCut() {
        var heard = Heard.<ResponseStreamEvent>of(events -> respond("content-cut", events));

        assertThat(heard.error()).isInstanceOf(OpenAIException.class);
        assertPrimarysBeginning(heard.events());
        assertThat(heard.events().getLast().asError().message()).contains("broke off");
        assertNobodyElseAnswers();
    }

    private static void assertPrimarysBeginning(List<ResponseStreamEvent> events) {
        assertThat(events)
                .satisfiesExactly(
                        created ->
                                assertThat(created.asCreated().response().id()).isEqualTo("resp_primary"),
                        inProgress -> assertThat(inProgress.isInProgress()).isTrue(),
                        words -> assertThat(words.asOutputTextDelta().delta()).isEqualTo("words of primary"),
                        last -> assertThat(last.isCompleted()).isFalse());
    }
}
