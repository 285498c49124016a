package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Recorded answers of real providers, one folder each, replayed byte by byte.
final class Fixtures {
    /// These belonged to the recorded connection, not to the answer.
    private static final Set<String> HOP = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "date",
            "keep-alive",
            "proxy-authenticate",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final Path root;
    private final Map<String, Answer> read = new ConcurrentHashMap<>();

    Fixtures(Path root) {
        this.root = root;
    }

    /// Empty when there is no such folder; a name that leads out of the fixtures is no name.
    Optional<Answer> find(String name, Resource shape) {
        if (!isName(name)) {
            return Optional.empty();
        }
        var folder = root.resolve(name);
        if (!Files.isRegularFile(folder.resolve("meta.json"))) {
            return Optional.empty();
        }
        return Optional.of(read.computeIfAbsent(shape + " " + name, _ -> read(folder, shape)));
    }

    private static boolean isName(String name) {
        int slash = name.indexOf('/');
        return slash > 0
                && slash == name.lastIndexOf('/')
                && slash < name.length() - 1
                && name.indexOf('\\') < 0
                && !name.contains("..");
    }

    private static Answer read(Path folder, Resource shape) {
        try {
            var meta = object(folder.resolve("meta.json"));
            var file = body(folder);
            var bytes = Files.readAllBytes(file);
            boolean stream = !file.toString().endsWith(".json");
            var pieces = file.toString().endsWith(".sse") ? events(bytes) : List.of(bytes);
            return new Answer(
                    meta.path("http_status").asInt(200),
                    headers(object(folder.resolve("response-headers.json"))),
                    stream,
                    pieces,
                    failing(shape),
                    null);
        } catch (IOException exception) {
            throw new UncheckedIOException("fixture " + folder.getFileName() + " cannot be read", exception);
        }
    }

    private static ObjectNode object(Path file) throws IOException {
        return Json.object(Files.readAllBytes(file)).orElseThrow(() -> new IOException(file + " is no JSON object"));
    }

    private static Path body(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder, "response-body.*")) {
            for (var file : files) {
                return file;
            }
        }
        throw new IOException(folder + " has no response-body");
    }

    private static List<Header> headers(ObjectNode recorded) {
        var headers = new ArrayList<Header>();
        recorded.properties().stream()
                .filter(header -> !HOP.contains(header.getKey().toLowerCase(Locale.ROOT)))
                .forEach(header -> values(header.getValue())
                        .forEach(value -> headers.add(HeaderValues.create(header.getKey(), value))));
        return headers;
    }

    private static List<String> values(JsonNode value) {
        return value.isArray() ? value.valueStream().map(JsonNode::asText).toList() : List.of(value.asText());
    }

    /// Every event with the blank line that ends it; what follows the last blank line is a piece of its own.
    private static List<byte[]> events(byte[] bytes) {
        var events = new ArrayList<byte[]>();
        int from = 0;
        boolean emptyLine = false;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                if (emptyLine) {
                    events.add(Arrays.copyOfRange(bytes, from, at + 1));
                    from = at + 1;
                }
                emptyLine = true;
            } else if (bytes[at] != '\r') {
                emptyLine = false;
            }
        }
        if (from < bytes.length) {
            events.add(Arrays.copyOfRange(bytes, from, bytes.length));
        }
        return events;
    }

    private static Answer.Failing failing(Resource shape) {
        return switch (shape) {
            case RESPONSES, STORED_RESPONSE -> (sent, status) -> List.of(NativeErrors.endResponses(sent, status));
            case MESSAGES, COUNT_TOKENS -> (_, status) -> NativeErrors.endMessages(status);
            default -> (_, status) -> NativeErrors.endChat(status);
        };
    }
}
