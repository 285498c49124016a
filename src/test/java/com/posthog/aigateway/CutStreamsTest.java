package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.posthog.aigateway.call.Ending;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An operator sets a budget of five cents while the gateway runs. The official SDKs see a stream that comes to its
/// limit of output, and are told at the next call.
@Timeout(120)
class CutStreamsTest {

    private static final String ADMIN = "admin-token-of-the-test";
    private static final String LONG = "x-mock: words=60000,chunk=4000";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        writeCallers("");
        rig = Rig.start(folder, "callers: callers.yaml\nadmin: { token: " + ADMIN + " }\n");
        writeCallers("budgets: [ { scope: team, window: 24h, usd: 0.05 } ]");
        var reload = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.gateway.adminPort() + "/reload"))
                .header("authorization", "Bearer " + ADMIN)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (var http = HttpClient.newHttpClient()) {
            assertThat(http.send(reload, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    private void writeCallers(String budgets) throws IOException {
        Files.writeString(folder.resolve("callers.yaml"), """
                organisations: []
                teams: [ { id: dev, products: [llm_gateway], %s } ]
                credentials: [ { id: dev-key, sha256: "%s", team: dev, products: [llm_gateway], models: ["*"] } ]
                """.formatted(budgets, Rig.sha256(Rig.KEY)));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private com.openai.client.OpenAIClient openai() {
        return OpenAIOkHttpClient.builder()
                .baseUrl(rig.uri() + "/v1")
                .apiKey(Rig.KEY)
                .build();
    }

    @Test
    void aChatEndsWithTheReasonLength() {
        var params = ChatCompletionCreateParams.builder()
                .model("gpt-6-sol")
                .addUserMessage(LONG)
                .build();
        var told = ChatCompletionAccumulator.create();
        var client = openai();
        try (var stream = client.chat().completions().createStreaming(params)) {
            stream.stream().forEach(told::accumulate);
        }
        assertThat(told.chatCompletion().choices())
                .extracting(ChatCompletion.Choice::finishReason)
                .containsExactly(ChatCompletion.Choice.FinishReason.LENGTH);
        assertThat(rig.receipt().ending()).isEqualTo(Ending.CUT);
        var refused = catchThrowableOfType(
                OpenAIServiceException.class, () -> client.chat().completions().create(params));
        assertRefused(refused.statusCode(), refused.getMessage());
        client.close();
    }

    @Test
    void aResponseIsIncomplete() {
        var params =
                ResponseCreateParams.builder().model("gpt-6-sol").input(LONG).build();
        var told = ResponseAccumulator.create();
        var client = openai();
        try (var stream = client.responses().createStreaming(params)) {
            stream.stream().forEach(told::accumulate);
        }
        assertThat(told.response().status()).contains(ResponseStatus.INCOMPLETE);
        assertThat(told.response().incompleteDetails().flatMap(Response.IncompleteDetails::reason))
                .contains(Response.IncompleteDetails.Reason.MAX_OUTPUT_TOKENS);
        assertThat(rig.receipt().ending()).isEqualTo(Ending.CUT);
        var refused = catchThrowableOfType(
                OpenAIServiceException.class, () -> client.responses().create(params));
        assertRefused(refused.statusCode(), refused.getMessage());
        client.close();
    }

    @Test
    void aMessageStopsAtItsMaximumOfTokens() {
        var params = MessageCreateParams.builder()
                .model("claude-sonnet-5-5")
                .maxTokens(64_000)
                .addUserMessage(LONG)
                .build();
        var told = MessageAccumulator.create();
        var client = AnthropicOkHttpClient.builder()
                .baseUrl(rig.uri().toString())
                .apiKey(Rig.KEY)
                .build();
        try (var stream = client.messages().createStreaming(params)) {
            stream.stream().forEach(told::accumulate);
        }
        assertThat(told.message().stopReason()).contains(StopReason.MAX_TOKENS);
        assertThat(rig.receipt().ending()).isEqualTo(Ending.CUT);
        var again = params.toBuilder().maxTokens(2_000).build();
        var refused = catchThrowableOfType(
                AnthropicServiceException.class, () -> client.messages().create(again));
        assertRefused(refused.statusCode(), refused.getMessage());
        client.close();
    }

    private static void assertRefused(int status, @Nullable String message) {
        System.out.println(status + " " + message);
        assertThat(status).isEqualTo(402);
        assertThat(message).contains("the budget of team 'dev' for '24h' does not hold this call", "of 0.050000000");
    }
}
