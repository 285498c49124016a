package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.mock.Received;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model's spelling on its way through the whole gateway.
class ResolutionTest {

    @TempDir
    Path folder;

    private static RawHttp.Answer ask(Rig rig, String path, String body, String... fields) throws IOException {
        try (var connection = rig.connect()) {
            var head = "POST " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + Rig.KEY
                    + "\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n" + String.join("", fields) + "\r\n";
            return connection.send((head + body).getBytes(UTF_8)).answer();
        }
    }

    private static Received only(Rig rig) {
        return rig.mock.received().getFirst();
    }

    @Test
    void sendsTheModelThatWasMeantAndTheBetaItNeeds() throws IOException {
        try (var rig = Rig.start(folder)) {
            var answer = ask(
                    rig,
                    "/v1/messages",
                    "{ \"model\" : \"anthropic/claude-sonnet-4.5[1m]\", \"max_tokens\":5,\"messages\":[]}",
                    "anthropic-beta: a-1\r\n");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("x-posthog-model")).isEqualTo("claude-sonnet-4-5");
            assertThat(new String(only(rig).body(), UTF_8))
                    .isEqualTo("{ \"model\" : \"claude-sonnet-4-5\", \"max_tokens\":5,\"messages\":[]}");
            assertThat(only(rig).header("anthropic-beta")).contains("a-1,context-1m-2025-08-07");
            assertThat(rig.receipt().intent().model()).isEqualTo("anthropic/claude-sonnet-4.5[1m]");
        }
    }

    @Test
    void passesOnAnUnknownNameThatNoHeaderCanCarry() throws IOException {
        var body = "{\"model\":\"gpt-5\\r\\nX-Evil: 1\",\"messages\":[]}";
        try (var rig = Rig.start(folder)) {
            var answer = ask(rig, "/v1/chat/completions", body);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).doesNotContainKey("x-evil");
            assertThat(new String(only(rig).body(), UTF_8)).isEqualTo(body);
        }
    }
}
