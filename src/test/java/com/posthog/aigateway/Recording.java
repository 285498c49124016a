package com.posthog.aigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// One recorded answer of a real provider, and the request that asked for it.
record Recording(String name, Path folder, JsonNode meta) {

    static final Map<String, String> PATHS = Map.of(
            "anthropic-messages", "/v1/messages",
            "openai-chat", "/v1/chat/completions",
            "openai-responses", "/v1/responses");

    private static final ObjectMapper JSON = new ObjectMapper();

    /// Those fields of the recorded request that belong to its connection.
    private static final Set<String> CONNECTION = Set.of("host", "content-length", "connection");

    /// The names of all recordings in our three shapes; one that skips the test where there are none.
    static List<String> names() throws IOException {
        var fixtures = Shared.folder("fixtures").orElse(null);
        if (fixtures == null) {
            return List.of("missing");
        }
        var names = new ArrayList<String>();
        for (var category : PATHS.keySet()) {
            try (var folders = Files.list(fixtures.resolve(category))) {
                folders.map(one -> category + "/" + one.getFileName()).sorted().forEach(names::add);
            }
        }
        return names;
    }

    static Recording named(String name) throws IOException {
        var folder = Shared.require("fixtures").resolve(name);
        return new Recording(
                name, folder, JSON.readTree(folder.resolve("meta.json").toFile()));
    }

    private String category() {
        return name.substring(0, name.indexOf('/'));
    }

    Family family() {
        return category().startsWith("anthropic") ? Family.ANTHROPIC : Family.OPENAI;
    }

    int status() {
        return meta.path("http_status").asInt();
    }

    boolean streamed() {
        return meta.path("streaming").asBoolean();
    }

    JsonNode expected() {
        return meta.path("expected");
    }

    String method() {
        return meta.at("/request/method").asText("POST");
    }

    /// The path and query that were asked for.
    String target() {
        var path = meta.at("/request/path").asText(PATHS.get(category()));
        var query = meta.at("/request/query").asText("");
        return query.isEmpty() ? path : path + "?" + query;
    }

    /// The recorded request; where there is none, one that could have brought this answer.
    String request() throws IOException {
        var recorded = folder.resolve("request.json");
        return Files.exists(recorded) ? Files.readString(recorded) : minimal();
    }
    /// What the request asks for once more, by its name.
    Optional<String> storedId() {
        var path = meta.at("/request/path").asText("");
        return method().equals("GET") ? Optional.of(path.substring(path.lastIndexOf('/') + 1)) : Optional.empty();
    }

    private String minimal() {
        var usual = family() == Family.ANTHROPIC ? "claude-sonnet-4-5" : "gpt-5";
        var request = JSON.createObjectNode()
                .put("model", expected().path("model").asText(usual))
                .put("stream", streamed())
                .put("max_tokens", 100);
        if (category().equals("openai-chat") && streamed()) {
            request.putObject("stream_options").put("include_usage", true);
        }
        return request.toString();
    }

    Map<String, String> requestHeaders() throws IOException {
        return headers("request-headers.json", CONNECTION);
    }

    Map<String, String> answerHeaders() throws IOException {
        return headers("response-headers.json", Set.of());
    }

    private Map<String, String> headers(String file, Set<String> but) throws IOException {
        var headers = new TreeMap<String, String>();
        if (Files.exists(folder.resolve(file))) {
            for (var field : JSON.readTree(folder.resolve(file).toFile()).properties()) {
                if (!but.contains(field.getKey()) && field.getValue().isTextual()) {
                    headers.put(field.getKey(), field.getValue().textValue());
                }
            }
        }
        return headers;
    }

    byte[] answer() throws IOException {
        try (var files = Files.list(folder)) {
            return Files.readAllBytes(
                    files.filter(file -> file.getFileName().toString().startsWith("response-body"))
                            .findFirst()
                            .orElseThrow());
        }
    }
}
