package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Answers that are never streamed: embeddings, and the models in either family's shape.
final class SmallAnswers {
    private static final int USUAL_DIMENSIONS = 8;
    private static final int MAX_DIMENSIONS = 4_096;
    private static final List<String> OPENAI_MODELS = List.of("gpt-6-sol", "gpt-6.1-sol", "text-embedding-3-small");
    private static final List<String> ANTHROPIC_MODELS = List.of("claude-sonnet-5-5", "claude-opus-5-5");

    private final Serial serial;

    private final NativeErrors errors;

    SmallAnswers(Serial serial, NativeErrors errors) {
        this.serial = serial;
        this.errors = errors;
    }

    Answer models(Family family) {
        var data = names(family).stream()
                .map(name -> model(family, name))
                .collect(Collectors.joining(",", "\"data\":[", "]"));
        var body = switch (family) {
            case OPENAI -> "{\"object\":\"list\"," + data + "}";
            case ANTHROPIC ->
                "{" + data + ",\"has_more\":false,\"first_id\":\"" + ANTHROPIC_MODELS.getFirst() + "\",\"last_id\":\""
                        + ANTHROPIC_MODELS.getLast() + "\"}";
        };
        return Answer.json(200, family, serial.next("req_"), body);
    }

    Answer model(Asked asked) {
        return names(asked.family()).contains(asked.id())
                ? Answer.json(200, asked.family(), serial.next("req_"), model(asked.family(), asked.id()))
                : errors.unknownModel(asked.shape(), asked.family(), asked.id());
    }

    private static List<String> names(Family family) {
        return switch (family) {
            case OPENAI -> OPENAI_MODELS;
            case ANTHROPIC -> ANTHROPIC_MODELS;
        };
    }

    private static String model(Family family, String name) {
        return switch (family) {
            case OPENAI ->
                "{\"id\":\"" + name + "\",\"object\":\"model\",\"created\":" + ChatAnswers.CREATED
                        + ",\"owned_by\":\"mock\"}";
            case ANTHROPIC ->
                "{\"type\":\"model\",\"id\":\"" + name + "\",\"display_name\":\"" + name
                        + "\",\"line\":\"" + name.split("-", -1)[1]
                        + "\",\"created_at\":\"2026-09-21T00:00:00Z\",\"lifecycle\":\"active\",\"deprecated_at\":null"
                        + ",\"retires_at\":null,\"max_input_tokens\":1000000,\"max_tokens\":128000,\"capabilities\":null}";
        };
    }

    Answer embeddings(Asked asked) {
        var input = asked.body().path("input");
        boolean several = input.isArray() && !input.path(0).isNumber();
        var vector = vector(asked);
        var data = IntStream.range(0, several ? input.size() : 1)
                .mapToObj(index -> "{\"object\":\"embedding\",\"index\":" + index + ",\"embedding\":" + vector + "}")
                .collect(Collectors.joining(","));
        var body = "{\"object\":\"list\",\"data\":[" + data + "],\"model\":" + Json.quote(asked.model())
                + ",\"usage\":{\"prompt_tokens\":" + asked.inputTokens() + ",\"total_tokens\":" + asked.inputTokens()
                + "}}";
        return Answer.json(200, Family.OPENAI, serial.next("req_"), body).taking(Work.of(asked, 0));
    }

    /// Clients ask for base64 without being told to, so both forms are needed.
    private static String vector(Asked asked) {
        int wanted = asked.body().path("dimensions").asInt(USUAL_DIMENSIONS);
        int dimensions = Math.clamp(wanted, 1, MAX_DIMENSIONS);
        if (asked.body().path("encoding_format").asText().equals("base64")) {
            var bytes = ByteBuffer.allocate(dimensions * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            IntStream.range(0, dimensions).forEach(_ -> bytes.putFloat(0.5f));
            return "\"" + Base64.getEncoder().encodeToString(bytes.array()) + "\"";
        }
        return IntStream.range(0, dimensions).mapToObj(_ -> "0.5").collect(Collectors.joining(",", "[", "]"));
    }
}
