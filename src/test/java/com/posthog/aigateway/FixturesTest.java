package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Recorded answers of the real providers, through a real gateway on real sockets: the caller gets the provider's
/// bytes, and the receipt has the usage that was read off the recording by other means.
class FixturesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> PATHS = Map.of(
            "openai-chat", "/v1/chat/completions",
            "openai-responses", "/v1/responses",
            "anthropic-messages", "/v1/messages");

    @TempDir
    Path folder;

    private Rig rig;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        rig = Rig.start(folder);
    }

    @AfterEach
    void stop() {
        client.close();
        rig.close();
    }

    static Stream<String> recordings() throws IOException {
        var fixtures = Shared.folder("fixtures").orElse(null);
        if (fixtures == null) {
            return Stream.of("missing");
        }
        var names = new ArrayList<String>();
        for (var category : PATHS.keySet()) {
            try (var folders = Files.list(fixtures.resolve(category))) {
                folders.map(one -> category + "/" + one.getFileName())
                        .filter(name -> name.contains("/stream-") || name.contains("/json-plain"))
                        .sorted()
                        .forEach(names::add);
            }
        }
        return names.stream();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void passesUnchangedAndIsUnderstood(String name) throws Exception {
        var fixture = Shared.require("fixtures").resolve(name);
        var meta = JSON.readTree(fixture.resolve("meta.json").toFile());
        var expected = Files.readAllBytes(body(fixture));

        var answer = client.send(request(name, fixture, meta), HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.statusCode())
                .as(() -> name + ": " + new String(answer.body(), UTF_8))
                .isEqualTo(meta.path("http_status").asInt());
        assertThat(answer.body()).isEqualTo(expected);
        var receipt = rig.receipt();
        assertUsage(meta.at("/expected/usage"), receipt);
        assertThat(receipt.reading().model()).isEqualTo(textOrNull(meta.at("/expected/model")));
    }

    private HttpRequest request(String name, Path fixture, JsonNode meta) throws IOException {
        var category = name.substring(0, name.indexOf('/'));
        var recorded = fixture.resolve("request.json");
        var body = Files.exists(recorded) ? Files.readString(recorded) : minimal(meta);
        return HttpRequest.newBuilder(URI.create(rig.uri() + PATHS.get(category)))
                .header("Authorization", "Bearer " + Rig.KEY)
                .header("Content-Type", "application/json")
                .header("x-mock", "fixture=" + name)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static String minimal(JsonNode meta) {
        return JSON.createObjectNode()
                .put("model", meta.at("/expected/model").asText("gpt-5"))
                .put("stream", meta.path("streaming").asBoolean())
                .put("max_tokens", 100)
                .toString();
    }

    private static Path body(Path fixture) throws IOException {
        try (var files = Files.list(fixture)) {
            return files.filter(file -> file.getFileName().toString().startsWith("response-body"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void assertUsage(JsonNode expected, Receipt receipt) {
        var usage = receipt.reading().usage();
        if (expected.isNull() || expected.isMissingNode()) {
            assertThat(usage).isNull();
            return;
        }
        Objects.requireNonNull(usage, "no usage was read");
        if (expected.has("input_uncached")) {
            assertAnthropic(expected, usage);
        } else {
            assertThat(usage.input() + usage.cacheRead() + usage.cacheWrite5m())
                    .isEqualTo(expected.path("input_total").asLong());
            assertThat(usage.cacheRead()).isEqualTo(expected.path("cache_read").asLong());
            assertThat(usage.cacheWrite5m())
                    .isEqualTo(expected.path("cache_write").asLong());
            assertThat(usage.output()).isEqualTo(expected.path("output_total").asLong());
            assertThat(usage.reasoning()).isEqualTo(expected.path("reasoning").asLong());
        }
    }

    private static void assertAnthropic(JsonNode expected, Usage usage) {
        assertThat(usage.input()).isEqualTo(expected.path("input_uncached").asLong());
        assertThat(usage.cacheRead()).isEqualTo(expected.path("cache_read").asLong());
        assertThat(usage.cacheWrite5m())
                .isEqualTo(expected.path("cache_write_5m").asLong());
        assertThat(usage.cacheWrite1h())
                .isEqualTo(expected.path("cache_write_1h").asLong());
        assertThat(usage.output()).isEqualTo(expected.path("output_total").asLong());
        assertThat(usage.webSearches())
                .isEqualTo(expected.path("web_search_requests").asLong());
        assertThat(usage.iterations()).hasSize(expected.path("iterations").size());
    }

    private static @Nullable String textOrNull(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }
}
