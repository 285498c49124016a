package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.Proof;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Recorded streams, cut and ended behind each of their events, as the official SDKs read them: an answer that came to
/// its limit, as far as it was sent. Where the SDK finds no fault with the whole recording, it must find none here.
class LegalEndSdkTest {

    /// Behind each event in a proof, behind every third in a build.
    private static final int STRIDE = Proof.cases(3, 1);

    /// What the SDK does not take from the provider itself.
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "anthropic-messages/vx-stream-duplicate-message-start", "it takes one message_start",
            "anthropic-messages/vx-stream-spliced-message-start", "it takes one message_start",
            "anthropic-messages/vx-stream-programmatic-tool-calling",
                    "it misses the pieces of an input that came whole",
            "openai-chat/stream-include-usage", "it takes nothing behind the usage, and here the moderation follows");

    private static int ends;
    private static int strictEnds;

    private final AtomicReference<byte[]> body = new AtomicReference<>(new byte[0]);
    private FakeUpstream provider = new FakeUpstream(this::answer);

    static List<CutStream> recorded() throws IOException {
        return CutStream.all();
    }

    @BeforeEach
    void start() throws IOException {
        provider.close();
        provider = new FakeUpstream(this::answer);
    }

    @AfterEach
    void stop() throws IOException {
        provider.close();
    }

    @AfterAll
    static void tell() {
        System.out.println("recorded streams: the SDKs took " + ends + " ends, " + strictEnds + " with every check");
    }

    private void answer(FakeUpstream.Peer peer) throws IOException {
        while (peer.readRequest()) {
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: " + body.get().length
                    + "\r\n\r\n" + new String(body.get(), ISO_8859_1));
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void readsAnAnswerThatCameToItsLimit(CutStream recorded) throws IOException {
        var shape = recorded.orSkip().shape();
        var exception = EXCEPTIONS.get(recorded.toString());
        Assumptions.assumeTrue(exception == null, () -> "the SDK refuses the recording: " + exception);
        var cuts = recorded.cuts();
        body.set(cuts.getLast().bytes());
        boolean strict = findsNoFault(shape);
        try (var sdk = sdk(shape, strict)) {
            for (int at = 0; at < cuts.size(); at += STRIDE) {
                var cut = cuts.get(at);
                if (cut.sent() > 0 && cut.isEndedLegally()) {
                    body.set(cut.bytes());
                    assertThat(sdk.read()).as("cut after %d bytes", cut.sent()).isEqualTo(expected(shape, cut));
                    ends++;
                    strictEnds += strict ? 1 : 0;
                }
            }
        }
    }

    private boolean findsNoFault(Shape shape) {
        try (var sdk = sdk(shape, true)) {
            sdk.read();
            return true;
        } catch (OpenAIException | AnthropicException | IllegalStateException | IllegalArgumentException fault) {
            return false;
        }
    }

    private static boolean expected(Shape shape, CutStream.Cut cut) {
        return switch (shape) {
            case OPENAI_CHAT -> cut.ending().contains("\"finish_reason\":\"length\"");
            case ANTHROPIC_MESSAGES -> cut.ending().contains("\"stop_reason\":\"max_tokens\"");
            case OPENAI_RESPONSES, OPENAI_EMBEDDINGS -> true;
        };
    }

    private Sdk sdk(Shape shape, boolean strict) {
        return switch (shape) {
            case OPENAI_CHAT, OPENAI_RESPONSES, OPENAI_EMBEDDINGS -> new OpenAi(openAi(strict), shape);
            case ANTHROPIC_MESSAGES -> new Anthropic(anthropic(strict));
        };
    }

    private OpenAIClient openAi(boolean strict) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(provider.uri() + "/v1")
                .apiKey("any-key")
                .responseValidation(strict)
                .maxRetries(0)
                .build();
    }

    private AnthropicClient anthropic(boolean strict) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(provider.uri().toString())
                .apiKey("any-key")
                .responseValidation(strict)
                .maxRetries(0)
                .build();
    }

    /// An SDK that asks, reads and gathers one answer.
    private sealed interface Sdk extends AutoCloseable {

        /// True when the answer came to its limit.
        boolean read();

        @Override
        void close();
    }

    private record OpenAi(OpenAIClient client, Shape shape) implements Sdk {

        @Override
        public boolean read() {
            return shape == Shape.OPENAI_CHAT ? chat() : response();
        }

        private boolean chat() {
            var params = ChatCompletionCreateParams.builder()
                    .model("any-model")
                    .addUserMessage("Hi")
                    .build();
            var gathered = ChatCompletionAccumulator.create();
            try (var stream = client.chat().completions().createStreaming(params)) {
                stream.stream().forEach(gathered::accumulate);
            }
            return gathered.chatCompletion().choices().stream()
                    .allMatch(choice -> choice.finishReason().equals(ChatCompletion.Choice.FinishReason.LENGTH));
        }

        private boolean response() {
            var params = ResponseCreateParams.builder()
                    .model("any-model")
                    .input("Hi")
                    .build();
            var gathered = ResponseAccumulator.create();
            try (var stream = client.responses().createStreaming(params)) {
                stream.stream().forEach(gathered::accumulate);
            }
            var reason = gathered.response().incompleteDetails().flatMap(Response.IncompleteDetails::reason);
            return gathered.response()
                            .status()
                            .filter(ResponseStatus.INCOMPLETE::equals)
                            .isPresent()
                    && reason.filter(Response.IncompleteDetails.Reason.MAX_OUTPUT_TOKENS::equals)
                            .isPresent();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private record Anthropic(AnthropicClient client) implements Sdk {

        @Override
        public boolean read() {
            var params = MessageCreateParams.builder()
                    .model("any-model")
                    .maxTokens(1_000)
                    .addUserMessage("Hi")
                    .build();
            var gathered = MessageAccumulator.create();
            try (var stream = client.messages().createStreaming(params)) {
                stream.stream().forEach(gathered::accumulate);
            }
            return gathered.message()
                    .stopReason()
                    .filter(StopReason.MAX_TOKENS::equals)
                    .isPresent();
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
