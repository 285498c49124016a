package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.testing.FakeUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway whose only provider of Claude is Bedrock's InvokeModel: the caller's earlier turns came from there, and
/// what
/// Bedrock says of a call is the last word on it.
class BedrockAtHomeTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TURN = """
            {"model":"claude-opus-5-5","max_tokens":9,"messages":[
             {"role":"user","content":"a"},
             {"role":"assistant","content":[{"type":"thinking","thinking":"b","signature":"c"},{"type":"text","text":"d"}]},
             {"role":"user","content":"e"}]%s}
            """;

    @TempDir
    private Path folder;

    private HttpResponse<String> ask(FakeUpstream bedrock, String body) throws Exception {
        Files.writeString(folder.resolve("providers.yaml"), """
                providers:
                  anthropic: { family: anthropic, url: "https://nowhere.invalid" }
                  bedrock: { family: anthropic, wire: bedrock-invoke, url: "%s", auth: { bearer: ours } }
                lines: []
                models:
                  - id: claude-opus-5-5
                    status: active
                    shapes: [anthropic-messages]
                    reasons: true
                    limits: { context: 100000, output: 1000 }
                    prices: [ { from: 2026-01-01, input: 1, output: 10 } ]
                    targets: [ { provider: anthropic, model: c }, { provider: bedrock, model: anthropic.c } ]
                """.formatted(bedrock.uri()));
        try (var rig = Rig.start(folder, "catalogue: providers.yaml");
                var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(rig.uri() + "/v1/messages"))
                    .header("x-api-key", Rig.KEY)
                    .header("anthropic-version", "2023-06-01")
                    .header("anthropic-beta", "claude-code-20250219,context-1m-2025-08-07")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static JsonNode sent(FakeUpstream bedrock) throws IOException, InterruptedException {
        var request = bedrock.request();
        return JSON.readTree(request.substring(request.indexOf("\r\n\r\n") + 4));
    }

    private static FakeUpstream answering(String status, String body) {
        return new FakeUpstream(peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
        });
    }

    @Test
    void leavesOutTheWordsThatBedrockDoesNotKnowAndKeepsTheThinking() throws Exception {
        try (var bedrock = answering("200 OK", "{\"type\":\"message\"}")) {
            var answer = ask(bedrock, TURN.formatted(",\"metadata\":{\"user_id\":\"u\"}"));

            assertThat(answer.statusCode()).isEqualTo(200);
            var sent = sent(bedrock);
            assertThat(sent.path("anthropic_beta").toString()).isEqualTo("[\"context-1m-2025-08-07\"]");
            assertThat(sent.at("/messages/1/content/0/signature").asText()).isEqualTo("c");
            assertThat(sent.has("metadata")).isFalse();
        }
    }

    @Test
    void asksBedrockAboutWhatNobodyElseKnows() throws Exception {
        var refused = "{\"message\":\"tomorrow: Extra inputs are not permitted\"}";
        try (var bedrock = answering("400 Bad Request\r\nx-amzn-errortype: ValidationException:http://a", refused)) {
            var answer = ask(bedrock, TURN.formatted(",\"tomorrow\":1"));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("invalid_request_error", "tomorrow: Extra inputs are not permitted");
            assertThat(sent(bedrock).path("tomorrow").asInt()).isEqualTo(1);
        }
    }
}
