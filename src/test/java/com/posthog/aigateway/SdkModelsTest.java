package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.models.ModelInfo;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the official SDKs, which check every member, make of our list of models, and of embeddings.
class SdkModelsTest {

    @TempDir
    Path folder;

    private Rig rig;
    private OpenAIClient openai;
    private AnthropicClient anthropic;

    @BeforeEach
    void start() {
        rig = Rig.start(folder);
        openai = openai(rig.uri(), Rig.KEY);
        anthropic = AnthropicOkHttpClient.builder()
                .baseUrl(rig.uri().toString())
                .apiKey(Rig.KEY)
                .responseValidation(true)
                .maxRetries(0)
                .build();
    }

    @AfterEach
    void stop() {
        openai.close();
        anthropic.close();
        rig.close();
    }

    private static OpenAIClient openai(URI base, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(base + "/v1")
                .apiKey(key)
                .responseValidation(true)
                .maxRetries(0)
                .build();
    }

    @Test
    void listsOpenAisModelsToOpenAisClient() {
        var models = openai.models().list().autoPager().stream().map(Model::id).toList();

        assertThat(models)
                .contains("gpt-6-sol", "gpt-5.4-mini", "text-embedding-3-small")
                .noneMatch(id -> id.startsWith("claude"));
        assertThat(rig.mock.received()).isEmpty();
    }

    @Test
    void listsAnthropicsModelsToAnthropicsClient() {
        var models = anthropic.models().list().autoPager().stream().toList();

        assertThat(models).extracting(ModelInfo::id).contains("claude-opus-5-5", "claude-sonnet-4-5");
        assertThat(models).allMatch(model -> model.id().startsWith("claude"));
        assertThat(models)
                .filteredOn(model -> model.id().equals("claude-sonnet-4-5"))
                .allMatch(model -> model.lifecycle().equals(ModelInfo.Lifecycle.DEPRECATED));
        assertThat(rig.mock.received()).isEmpty();
    }

    @Test
    void showsOneModel() {
        assertThat(openai.models().retrieve("gpt-6-sol").id()).isEqualTo("gpt-6-sol");
        assertThat(openai.models().retrieve("gpt-5-2025-08-07").id()).isEqualTo("gpt-5-2025-08-07");
        assertThat(anthropic.models().retrieve("claude-opus-5-5").maxInputTokens())
                .isPresent();
    }

    @Test
    void doesNotKnowWhatIsNotOnSaleInTheCallersDialect() {
        assertThat(catchThrowableOfType(
                        com.openai.errors.NotFoundException.class,
                        () -> openai.models().retrieve("claude-opus-5-5")))
                .isNotNull();
        assertThat(catchThrowableOfType(
                        com.anthropic.errors.NotFoundException.class,
                        () -> anthropic.models().retrieve("gpt-6-sol")))
                .isNotNull();
    }

    @Test
    void listsNothingToStrangers() {
        var stranger = openai(rig.uri(), "sk-unknown");

        assertThat(catchThrowableOfType(
                        com.openai.errors.UnauthorizedException.class,
                        () -> stranger.models().list()))
                .isNotNull();
        stranger.close();
    }

    @Test
    void embedsAsTheProviderItself() {
        var direct = openai(rig.mock.uri(), "any-key");
        var params = EmbeddingCreateParams.builder()
                .model("text-embedding-3-small")
                .inputOfArrayOfStrings(List.of("one", "two"))
                .build();

        var expected = direct.embeddings().create(params);
        var actual = openai.embeddings().create(params);

        direct.close();
        assertThat(actual).isEqualTo(expected);
        var event = rig.events(1).getFirst();
        assertThat(event.path("event").asText()).isEqualTo("$ai_embedding");
        assertThat(event.at("/properties/$ai_input_tokens").asLong())
                .isEqualTo(expected.usage().promptTokens());
        assertThat(event.at("/properties/$ai_total_cost_usd").decimalValue()).isPositive();
    }
}
