package com.posthog.aigateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/// One recorded answer; the recordings do not ship with the code.
record Recorded(Path folder) {

    private static final Path FIXTURES = Shared.folder("fixtures").orElse(Path.of("missing"));

    private static final Map<String, Shape> SHAPES = Map.of(
            "openai-chat", Shape.OPENAI_CHAT,
            "openai-responses", Shape.OPENAI_RESPONSES,
            "anthropic-messages", Shape.ANTHROPIC_MESSAGES);

    private static final ObjectMapper JSON = new ObjectMapper();

    /// All of them; one that skips the test where there are none.
    static List<Recorded> all() throws IOException {
        var found = new ArrayList<Recorded>();
        for (var name : SHAPES.keySet()) {
            if (Files.isDirectory(FIXTURES.resolve(name))) {
                try (var folders = Files.list(FIXTURES.resolve(name))) {
                    folders.sorted().map(Recorded::new).forEach(found::add);
                }
            }
        }
        return found.isEmpty() ? List.of(new Recorded(FIXTURES.resolve("missing"))) : found;
    }

    static Recorded named(String name) {
        return new Recorded(FIXTURES.resolve(name));
    }

    Recorded orSkip() {
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> folder + " is missing; set AIGATEWAY_SHARED");
        return this;
    }

    String name() {
        return String.valueOf(folder.getFileName());
    }

    Shape shape() {
        var parent = Objects.requireNonNull(folder.getParent()).getFileName();
        return Objects.requireNonNull(SHAPES.get(String.valueOf(parent)));
    }

    JsonNode meta() throws IOException {
        return JSON.readTree(folder.resolve("meta.json").toFile());
    }

    boolean isNoError() {
        try {
            return !Files.isDirectory(folder) || meta().path("http_status").asInt() == 200;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isStream() {
        return Files.exists(folder.resolve("response-body.sse"));
    }

    byte[] body() throws IOException {
        return Files.readAllBytes(folder.resolve(isStream() ? "response-body.sse" : "response-body.json"));
    }

    @Override
    public String toString() {
        return folder.getParent() == null ? name() : folder.getParent().getFileName() + "/" + name();
    }
}
