package com.posthog.aigateway.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.record.GenerationEvent.Settings;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Recorded answers, read a second way: each event tells the text and the tools that a few lines find in the raw bytes.
class GenerationFixturesTest {

    private static final Path FIXTURES = Shared.folder("fixtures").orElse(Path.of("missing"));

    private static final Map<String, Endpoint> FOLDERS = Map.of(
            "openai-chat", Endpoint.CHAT_COMPLETIONS,
            "openai-responses", Endpoint.RESPONSES,
            "anthropic-messages", Endpoint.MESSAGES);

    /// Four answers in one file, which no provider sends.
    private static final String SPLICED = "vx-stream-reasoning-encrypted";

    private final GenerationEvent events = new GenerationEvent(new Settings("posthog-ai-gateway", "1", null));

    static Stream<Path> fixtures() throws IOException {
        var found = new ArrayList<Path>();
        for (var folder : FOLDERS.keySet()) {
            if (Files.isDirectory(FIXTURES.resolve(folder))) {
                try (var list = Files.list(FIXTURES.resolve(folder))) {
                    list.filter(path -> path.getFileName().toString().matches("(vx-)?(stream|json)-.*"))
                            .filter(path -> !path.endsWith(SPLICED))
                            .sorted()
                            .forEach(found::add);
                }
            }
        }
        return found.isEmpty() ? Stream.of(FIXTURES) : found.stream();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void tellsTheTextAndTheTools(Path fixture) throws IOException {
        assumeThat(fixture).as("shared fixtures").isNotEqualTo(FIXTURES);
        var endpoint = Objects.requireNonNull(FOLDERS.get(
                Objects.requireNonNull(fixture.getParent()).getFileName().toString()));
        var content = new Content(bytes(fixture, "request.json"), answer(fixture));

        var event = events.of(Told.at(endpoint).receipt(), content);
        var said = Json.read(GenerationEvent.bytes(event)).path("properties").path("$ai_output_choices");

        var expected = Expected.in(endpoint, content.answer());
        assertThat(joined(said, "text", "text")).isEqualTo(expected.text());
        assertThat(tools(said)).isEqualTo(expected.tools());
        if (content.request().length > 0) {
            assertThat(event.path("properties").path("$ai_input")).isNotEmpty();
        }
    }

    @Test
    void coversEnoughToMeanSomething() throws IOException {
        assumeThat(FIXTURES).as("shared fixtures").exists();
        long withText = 0;
        long withTools = 0;
        for (var fixture : fixtures().toList()) {
            var endpoint = Objects.requireNonNull(FOLDERS.get(
                    Objects.requireNonNull(fixture.getParent()).getFileName().toString()));
            var expected = Expected.in(endpoint, answer(fixture));
            withText += expected.text().isEmpty() ? 0 : 1;
            withTools += expected.tools().isEmpty() ? 0 : 1;
        }
        assertThat(withText).isGreaterThan(60);
        assertThat(withTools).isGreaterThan(10);
    }

    private static byte[] answer(Path fixture) throws IOException {
        var json = bytes(fixture, "response-body.json");
        return json.length > 0 ? json : bytes(fixture, "response-body.sse");
    }

    private static byte[] bytes(Path fixture, String name) throws IOException {
        var file = fixture.resolve(name);
        return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    }

    private static String joined(JsonNode said, String type, String member) {
        var text = new StringBuilder();
        for (var item : said.path(0).path("content")) {
            if (item.path("type").asText().equals(type)) {
                text.append(item.path(member).asText());
            }
        }
        return text.toString();
    }

    private static List<String> tools(JsonNode said) {
        var names = new ArrayList<String>();
        for (var item : said.path(0).path("content")) {
            if (item.path("type").asText().equals("function")) {
                names.add(item.path("function").path("name").asText());
            }
        }
        return names;
    }

    /// The second reading, as simple as can be: whole well-formed answers only, one line an event.
    private record Expected(String text, List<String> tools) {

        static Expected in(Endpoint endpoint, byte[] answer) {
            var events = new ArrayList<JsonNode>();
            var plain = Json.read(answer);
            if (plain.isObject()) {
                events.add(plain);
            } else {
                for (var line :
                        new String(answer, StandardCharsets.UTF_8).lines().toList()) {
                    if (line.startsWith("data:") && line.contains("{")) {
                        events.add(Json.read(line.substring(5)));
                    }
                }
            }
            return switch (endpoint.shape()) {
                case OPENAI_CHAT -> chat(events);
                case OPENAI_RESPONSES -> responses(events);
                case ANTHROPIC_MESSAGES -> messages(events);
                case OPENAI_EMBEDDINGS -> throw new IllegalArgumentException("nothing is said in embeddings");
            };
        }

        private static Expected chat(List<JsonNode> events) {
            var texts = new TreeMap<Integer, String>();
            var tools = new ArrayList<String>();
            for (var event : events) {
                for (var choice : event.path("choices")) {
                    for (var message : List.of(choice.path("message"), choice.path("delta"))) {
                        texts.merge(
                                choice.path("index").asInt(),
                                message.path("content").asText(""),
                                String::concat);
                        message.path("tool_calls")
                                .forEach(
                                        call -> add(tools, call.path("function").path("name")));
                        add(tools, message.path("function_call").path("name"));
                    }
                }
            }
            return new Expected(String.join("", texts.values()), tools);
        }

        private static Expected responses(List<JsonNode> events) {
            var text = new StringBuilder();
            var tools = new ArrayList<String>();
            for (var event : events) {
                if (event.path("type").asText().equals("response.output_text.delta")) {
                    text.append(event.path("delta").asText());
                }
                if (event.path("type").asText().equals("response.output_item.done")) {
                    call(event.path("item"), tools);
                }
                for (var item : event.path("output")) {
                    call(item, tools);
                    item.path("content")
                            .forEach(part -> text.append(part.path("text").asText()));
                }
            }
            return new Expected(text.toString(), tools);
        }

        private static void call(JsonNode item, List<String> tools) {
            if (item.path("type").asText().equals("function_call")) {
                add(tools, item.path("name"));
            }
        }

        private static Expected messages(List<JsonNode> events) {
            var text = new StringBuilder();
            var tools = new ArrayList<String>();
            for (var event : events) {
                block(event.path("content_block"), text, tools);
                event.path("content").forEach(block -> block(block, text, tools));
                text.append(event.path("delta").path("text").asText());
            }
            return new Expected(text.toString(), tools);
        }

        private static void block(JsonNode block, StringBuilder text, List<String> tools) {
            if (block.path("type").asText().equals("text")) {
                text.append(block.path("text").asText());
            }
            if (block.path("type").asText().equals("tool_use")) {
                add(tools, block.path("name"));
            }
        }

        private static void add(List<String> tools, JsonNode name) {
            if (name.isTextual()) {
                tools.add(name.asText());
            }
        }
    }
}
