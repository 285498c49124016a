package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.testing.RecordingProvider;
import com.posthog.aigateway.testing.Shared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// One recorded answer of a house that serves other people's models, and the call to us that it would have answered.
record HostedRecording(Recording recording) {

    static final List<String> CATEGORIES = List.of("azure-openai", "bedrock-anthropic", "bedrock-openai-mantle");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern INVOKED = Pattern.compile("/model/([^/]+)/.*");
    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "content-encoding", "connection");

    /// The names of all; one that skips the test where there are none.
    static List<String> names() throws IOException {
        var fixtures = Shared.folder("fixtures").orElse(null);
        if (fixtures == null) {
            return List.of("missing");
        }
        var names = new ArrayList<String>();
        for (var category : CATEGORIES) {
            try (var folders = Files.list(fixtures.resolve(category))) {
                folders.map(one -> category + "/" + one.getFileName()).sorted().forEach(names::add);
            }
        }
        return names;
    }

    static HostedRecording named(String name) throws IOException {
        return new HostedRecording(Recording.named(name));
    }

    String name() {
        return recording.name();
    }

    Family family() {
        return name().startsWith("bedrock-anthropic") ? Family.ANTHROPIC : Family.OPENAI;
    }

    private String recordedPath() {
        return recording.meta().at("/request/path").asText("");
    }

    boolean byDeployment() {
        return recordedPath().contains("/deployments/");
    }

    boolean counts() {
        return recordedPath().endsWith("/count-tokens");
    }

    boolean isBinary() {
        return Files.exists(recording.folder().resolve("response-body.eventstream"));
    }

    /// Where the caller asks us.
    String path() {
        if (family() == Family.ANTHROPIC) {
            return counts() ? "/v1/messages/count_tokens" : "/v1/messages";
        } else if (recordedPath().endsWith("/embeddings") && recording.status() < 400) {
            return "/v1/embeddings";
        }
        boolean responses = recordedPath().endsWith("/responses") || name().contains("-responses-");
        return responses ? "/v1/responses" : "/v1/chat/completions";
    }

    /// What the recorded provider was asked, as JSON; what could have brought its answer, where that was not kept.
    ObjectNode recordedRequest() throws IOException {
        var file = recording.folder().resolve("request.json");
        if (Files.exists(file)) {
            return (ObjectNode) JSON.readTree(file.toFile());
        }
        var request = JSON.createObjectNode().put("max_tokens", 100);
        request.putArray("messages");
        return request;
    }

    /// What the caller sends us.
    ObjectNode request() throws IOException {
        var recorded = recordedRequest();
        var asked = counts() ? counted(recorded) : recorded;
        var invoked = INVOKED.matcher(recordedPath());
        if (invoked.matches()) {
            asked.put("model", URLDecoder.decode(invoked.group(1), UTF_8));
        } else if (!asked.has("model")) {
            var usual = family() == Family.ANTHROPIC ? "claude-sonnet-4-5" : "gpt-5";
            asked.put("model", recording.expected().path("model").asText(usual));
        }
        if (recording.streamed()) {
            asked.put("stream", true);
            if (path().endsWith("/chat/completions")) {
                asked.putObject("stream_options").put("include_usage", true);
            }
        }
        return asked;
    }

    private static ObjectNode counted(ObjectNode recorded) throws IOException {
        var packed = recorded.at("/input/invokeModel/body");
        if (packed.isMissingNode()) {
            return (ObjectNode) recorded.at("/input/converse").deepCopy();
        }
        return (ObjectNode) JSON.readTree(packed.binaryValue());
    }

    /// The answer as it goes over the wire.
    RecordingProvider.Answer wire() throws IOException {
        var body = recording.answer();
        var head = new StringBuilder("HTTP/1.1 " + recording.status() + " Recorded\r\n");
        recording.answerHeaders().forEach((name, value) -> {
            if (!FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        if (!recording.answerHeaders().containsKey("content-type")) {
            head.append("content-type: ").append(type()).append("\r\n");
        }
        head.append("content-length: ").append(body.length).append("\r\n\r\n");
        var answer = new ByteArrayOutputStream();
        answer.writeBytes(head.toString().getBytes(UTF_8));
        answer.writeBytes(body);
        return new RecordingProvider.Answer(List.of(answer.toByteArray()), false);
    }

    private String type() {
        if (isBinary()) {
            return "application/vnd.amazon.eventstream";
        }
        return recording.streamed() ? "text/event-stream" : "application/json";
    }

    /// The body that the caller must get, where it differs from what came.
    byte[] told() throws IOException {
        var request = recording.answerHeaders().getOrDefault("x-amzn-requestid", "");
        if (isBinary()) {
            return BinaryStream.asEvents(recording.answer(), request).getBytes(UTF_8);
        } else if (counts() && recording.status() < 400) {
            var count = JSON.readTree(recording.answer()).path("inputTokens").asLong();
            return ("{\"input_tokens\":" + count + "}").getBytes(UTF_8);
        } else if (family() == Family.ANTHROPIC && recording.status() >= 400) {
            return error(JSON.readTree(recording.answer()), request).toString().getBytes(UTF_8);
        }
        return recording.answer();
    }

    private JsonNode error(JsonNode theirs, String request) {
        var type = switch (recording.status()) {
            case 400 -> "invalid_request_error";
            case 429 -> "rate_limit_error";
            default -> "overloaded_error";
        };
        var error = JSON.createObjectNode().put("type", "error");
        error.putObject("error")
                .put("type", type)
                .put("message", theirs.path("message").asText());
        if (!request.isEmpty()) {
            error.put("request_id", request);
        }
        return error;
    }

    /// Anthropic knows no 503 of this kind.
    int toldStatus() {
        return family() == Family.ANTHROPIC && recording.status() == 503 ? 529 : recording.status();
    }
}
