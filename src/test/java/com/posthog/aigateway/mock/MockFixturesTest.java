package com.posthog.aigateway.mock;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MockFixturesTest {
    private static final String BODY = "{\"model\":\"gpt-6-sol\",\"stream\":true}";

    private Path fixtures = Path.of("");
    private MockProvider mock = MockProvider.start(0);

    @BeforeEach
    void findFixtures() {
        fixtures = Shared.require("fixtures");
        mock.close();
        mock = MockProvider.start(0, fixtures);
    }

    @AfterEach
    void close() {
        mock.close();
    }

    @Test
    void replaysEveryRecordingByteByByte() throws IOException {
        for (var folder : folders()) {
            var name = fixtures.relativize(folder).toString();
            var response = Wire.post(
                    mock.uri(),
                    "/v1/chat/completions",
                    BODY,
                    "Authorization",
                    "Bearer sk-test",
                    "x-mock",
                    "fixture=" + name);

            assertThat(response.body()).as(name).isEqualTo(Files.readAllBytes(body(folder)));
            var meta =
                    Json.object(Files.readAllBytes(folder.resolve("meta.json"))).orElseThrow();
            assertThat(response.statusCode())
                    .as(name)
                    .isEqualTo(meta.path("http_status").asInt());
        }
    }

    @Test
    void repeatsTheRecordedHeadersButNotThoseOfTheConnection() {
        var stream = replay("openai-chat/stream-include-usage", "");
        assertThat(stream.headers().allValues("access-control-expose-headers"))
                .containsExactly("X-Request-ID", "CF-Ray", "CF-Ray");
        assertThat(stream.headers().firstValue("transfer-encoding")).hasValue("chunked");

        var json = replay("openai-chat/json-plain", "");
        assertThat(json.headers().firstValueAsLong("content-length")).hasValue(json.body().length);
    }

    @Test
    void failsARecordedStreamToo() {
        var told = Wire.text(replay("anthropic-messages/stream-plain", ",status=529,after=2"));

        assertThat(told)
                .contains("event: content_block_start")
                .doesNotContain("event: ping")
                .endsWith("event: error\ndata: {\"type\":\"error\",\"error\":"
                        + "{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../data", "openai-chat/..", "openai-chat/../openai-chat", "/etc", "openai-chat", "no/such"})
    void staysInsideTheFixtures(String name) {
        var response = replay(name, "");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Wire.text(response)).contains("there is no fixture");
    }

    private HttpResponse<byte[]> replay(String name, String more) {
        return Wire.post(
                mock.uri(),
                "/v1/messages",
                BODY,
                "Authorization",
                "Bearer sk-test",
                "x-mock",
                "fixture=" + name + more);
    }

    private List<Path> folders() throws IOException {
        try (var paths = Files.find(fixtures, 2, (path, _) -> Files.exists(path.resolve("meta.json")))) {
            return paths.sorted().toList();
        }
    }

    private static Path body(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("response-body."))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
