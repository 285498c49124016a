package com.posthog.aigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// One request as a real client sent it to a real socket. The recordings have no texts any more, only their lengths:
/// what is here is of the same shape, and as long to the byte.
record RecordedRequest(String client, int number, String method, String path, JsonNode headers, JsonNode shape) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TEXT = Pattern.compile("<str (\\d+)>");
    private static final Pattern MORE = Pattern.compile("… (\\d+) items");
    private static final String OMITTED = "…";

    /// All of them; one that skips the test where there are none.
    static List<RecordedRequest> all() throws IOException {
        var folder = Shared.folder("data/clients").orElse(null);
        if (folder == null) {
            return List.of(
                    new RecordedRequest("missing", 0, "GET", "/", JSON.createArrayNode(), JSON.createObjectNode()));
        }
        var requests = new ArrayList<RecordedRequest>();
        try (var files = Files.list(folder)) {
            for (var file : files.sorted().toList()) {
                var recorded = JSON.readTree(file.toFile());
                for (var request : recorded.path("requests")) {
                    requests.add(new RecordedRequest(
                            recorded.path("client").asText(),
                            request.path("n").asInt(),
                            request.path("method").asText(),
                            request.path("path").asText(),
                            request.path("headers"),
                            request.path("body_shape")));
                }
            }
        }
        return requests;
    }

    /// The fields as they came, with our credential in the place of theirs, and none that counts the body.
    List<Map.Entry<String, String>> fields() {
        return headers.valueStream()
                .map(field -> Map.entry(field.path(0).asText(), field.path(1).asText()))
                .filter(field -> !field.getKey().equalsIgnoreCase("content-length"))
                .map(field -> Map.entry(field.getKey(), value(field)))
                .toList();
    }

    private static String value(Map.Entry<String, String> field) {
        return switch (field.getKey().toLowerCase(Locale.ROOT)) {
            case "authorization" -> "Bearer " + Rig.KEY;
            case "x-api-key" -> Rig.KEY;
            // The recording ends there; the field went on.
            default -> field.getValue().replace(OMITTED, "-and-more".repeat(50));
        };
    }

    /// Empty where the client sent none.
    String body() {
        if (!shape.isObject()) {
            return "";
        }
        var body = (ObjectNode) filled(shape);
        length().ifPresent(length -> stretch(body, length));
        return body.toString();
    }

    private Optional<Integer> length() {
        return headers.valueStream()
                .filter(field -> field.path(0).asText().equalsIgnoreCase("content-length"))
                .map(field -> Integer.valueOf(field.path(1).asText()))
                .findFirst();
    }

    private static JsonNode filled(JsonNode shape) {
        if (shape instanceof ObjectNode object) {
            var filled = JSON.createObjectNode();
            object.properties().forEach(member -> filled.set(member.getKey(), filled(member.getValue())));
            return filled;
        } else if (shape instanceof ArrayNode array) {
            return filled(array);
        }
        var text = TEXT.matcher(shape.asText());
        if (text.matches()) {
            return JSON.getNodeFactory().textNode("x".repeat(Integer.parseInt(text.group(1))));
        }
        return shape.asText().equals("{…}") ? JSON.createObjectNode() : shape;
    }

    /// All items but the first were left out.
    private static ArrayNode filled(ArrayNode shape) {
        var filled = JSON.createArrayNode();
        for (var item : shape) {
            var more = MORE.matcher(item.asText());
            if (more.matches()) {
                while (filled.size() < Integer.parseInt(more.group(1))) {
                    filled.add(
                            shape.size() < 2
                                    ? JSON.createObjectNode()
                                    : JSON.createObjectNode().put("more", ""));
                }
            } else {
                filled.add(filled(item));
            }
        }
        return filled;
    }

    /// What is left out made up part of the length: one more member stands for it.
    private static void stretch(ObjectNode body, int length) {
        int lacks = length - body.toString().length();
        var more = ",\"left_out\":\"\"";
        if (lacks > more.length()) {
            body.put("left_out", "x".repeat(lacks - more.length()));
        }
    }

    @Override
    public String toString() {
        return client + " " + number + ": " + method + " " + path;
    }
}
