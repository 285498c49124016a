package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Shape;
import java.io.IOException;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NativeErrorTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID CALL = new UUID(3, 4);
    private static final String WHAT = "the model \"x\\y\"\nis unknown: ä😀";

    @ParameterizedTest
    @EnumSource
    void speaksAsOpenAi(Reason reason) throws IOException {
        var json = JSON.readTree(NativeError.body(Family.OPENAI, new Refusal(reason, WHAT).of("model"), CALL));

        var error = JSON.createObjectNode()
                .put("message", WHAT)
                .put("type", reason.openaiType())
                .put("param", "model")
                .put("code", reason.openaiCode());
        assertThat(json).isEqualTo(JSON.createObjectNode().set("error", error));
    }

    @ParameterizedTest
    @EnumSource
    void speaksAsAnthropic(Reason reason) throws IOException {
        var json = JSON.readTree(NativeError.body(Family.ANTHROPIC, new Refusal(reason, WHAT), CALL));

        var expected = JSON.createObjectNode().put("type", "error").put("request_id", CALL.toString());
        expected.putObject("error").put("type", reason.anthropicType()).put("message", WHAT);
        assertThat(json).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void isOneEventThatEveryTapTakesForAnError(Shape shape) throws IOException {
        var event = NativeError.event(shape, Reason.UNAVAILABLE, WHAT, CALL);

        assertThat(new String(event, UTF_8)).endsWith("\n\n");
        var frames = Frames.of(event);
        assertThat(frames).hasSize(1);
        var json = JSON.readTree(frames.getFirst().data());
        assertThat(Objects.requireNonNullElse(frames.getFirst().name(), "error"))
                .isEqualTo("error");
        switch (shape) {
            case OPENAI_CHAT, OPENAI_EMBEDDINGS ->
                assertThat(json.path("error").path("message").asText()).isEqualTo(WHAT);
            case OPENAI_RESPONSES -> {
                assertThat(json.path("message").asText()).isEqualTo(WHAT);
                assertThat(json.path("code").asText()).isEqualTo("service_unavailable");
            }
            case ANTHROPIC_MESSAGES -> {
                assertThat(json.path("error").path("message").asText()).isEqualTo(WHAT);
                assertThat(json.path("error").path("type").asText()).isEqualTo("overloaded_error");
            }
        }
    }
}
