package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.mock.Received;
import com.posthog.aigateway.testing.Eventually;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The official SDKs with their own habits: they retry through the gateway as often as they do without it, and what
/// they
/// break off is broken off at the provider.
class SdkRetriesTest {

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.start(folder);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private interface Asking {
        void ask(URI base, String key);
    }

    private void assertSameTries(Asking asking) {
        var direct = catchThrowable(() -> asking.ask(rig.mock.uri(), "any-key"));
        int expected = rig.mock.received().size();
        rig.mock.forget();

        var through = catchThrowable(() -> asking.ask(rig.uri(), Rig.KEY));

        assertThat(through).isNotNull().hasSameClassAs(direct);
        assertThat(rig.mock.received()).hasSize(expected);
        assertThat(rig.receipts(expected)).allMatch(receipt -> receipt.ending() == Ending.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock-status=429,retry-after=1", "mock-status=503", "mock-status=409", "mock-status=400"})
    void openAisClientRetriesAsOften(String model) {
        assertSameTries((base, key) -> {
            var client = OpenAIOkHttpClient.builder()
                    .baseUrl(base + "/v1")
                    .apiKey(key)
                    .build();
            try {
                client.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model(model)
                                .addUserMessage("Hi")
                                .build());
            } finally {
                client.close();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock-status=429,retry-after=1", "mock-status=529", "mock-status=500", "mock-status=413"})
    void anthropicsClientRetriesAsOften(String model) {
        assertSameTries((base, key) -> {
            var client = AnthropicOkHttpClient.builder()
                    .baseUrl(base.toString())
                    .apiKey(key)
                    .build();
            try {
                client.messages().create(message(model));
            } finally {
                client.close();
            }
        });
    }

    private static MessageCreateParams message(String model) {
        return MessageCreateParams.builder()
                .model(model)
                .maxTokens(1_000)
                .addUserMessage("Hi")
                .build();
    }

    @Test
    void breaksOffTheProviderWhenOpenAisClientStopsReading() {
        var client = OpenAIOkHttpClient.builder()
                .baseUrl(rig.uri() + "/v1")
                .apiKey(Rig.KEY)
                .build();

        try (var stream = client.responses()
                .createStreaming(ResponseCreateParams.builder()
                        .model("mock-chunk-gap=100ms,words=1000")
                        .input("Hi")
                        .build())) {
            assertThat(stream.stream().limit(4)).hasSize(4);
        }

        assertAbandoned();
        client.close();
    }

    @Test
    void breaksOffTheProviderWhenAnthropicsClientStopsReading() {
        var client = AnthropicOkHttpClient.builder()
                .baseUrl(rig.uri().toString())
                .apiKey(Rig.KEY)
                .build();

        try (var stream = client.messages().createStreaming(message("mock-chunk-gap=100ms,words=1000"))) {
            assertThat(stream.stream().limit(4)).hasSize(4);
        }

        assertAbandoned();
        client.close();
    }

    private void assertAbandoned() {
        Eventually.get(() -> rig.mock.received().getFirst().ending(), ending -> ending == Received.Ending.CLIENT_GONE);
        assertThat(rig.receipt().ending()).isEqualTo(Ending.ABANDONED);
        assertThat(rig.receipt().cost().estimated()).isTrue();
    }
}
