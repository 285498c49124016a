package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The 889 recorded usages of OpenAI and Anthropic, read by our taps and by an independent library: every count is the
/// same. What some answers bill outside their totals the library leaves out, and so does this comparison; the prices
/// are compared in `PriceOracleTest`.
class UsageOracleTest {

    /// The library's name for a shape's reading.
    private static final Map<Shape, String> FLAVOURS = Map.of(
            Shape.OPENAI_CHAT, "openai chat",
            Shape.OPENAI_RESPONSES, "openai responses",
            Shape.OPENAI_EMBEDDINGS, "openai embeddings",
            Shape.ANTHROPIC_MESSAGES, "anthropic default");

    private static final Map<Shape, Integer> BODIES = Map.of(
            Shape.OPENAI_CHAT, 406,
            Shape.OPENAI_RESPONSES, 254,
            Shape.OPENAI_EMBEDDINGS, 3,
            Shape.ANTHROPIC_MESSAGES, 226);

    @Test
    void readsEveryCountThatTheLibraryReads() throws IOException {
        var bodies = new EnumMap<Shape, Integer>(Shape.class);
        var different = new ArrayList<String>();
        int besideTotals = 0;
        for (var row : Shared.json("data/cost-oracle/usages.json")) {
            var shape = shape(row.path("body").path("usage")).orElse(null);
            if (shape == null) {
                continue;
            }
            bodies.merge(shape, 1, Integer::sum);
            var answer = JsonNodeFactory.instance
                    .objectNode()
                    .put("model", row.path("model").asText())
                    .set("usage", row.path("body").path("usage"));
            var usage = Read.whole(shape, answer.toString().getBytes(UTF_8)).usage();
            var expected = library(row, FLAVOURS.getOrDefault(shape, ""));
            if (usage == null || !counts(usage).equals(expected)) {
                different.add(row.path("body").path("file").asText() + ": " + usage + ", expected " + expected);
            } else if (usage.iterations().stream().anyMatch(Usage.Iteration::billedOutsideTotals)) {
                besideTotals++;
            }
        }

        assertThat(different).isEmpty();
        assertThat(bodies).isEqualTo(BODIES);
        assertThat(besideTotals).isEqualTo(5);
    }

    private static Optional<Shape> shape(JsonNode usage) {
        if (usage.has("prompt_tokens")) {
            return Optional.of(usage.has("completion_tokens") ? Shape.OPENAI_CHAT : Shape.OPENAI_EMBEDDINGS);
        } else if (usage.has("input_tokens")) {
            return Optional.of(usage.has("total_tokens") ? Shape.OPENAI_RESPONSES : Shape.ANTHROPIC_MESSAGES);
        }
        return Optional.empty();
    }

    private static Map<String, Long> library(JsonNode row, String flavour) {
        for (var reading : row.path("extracted")) {
            for (var by : reading.path("extractors")) {
                if (flavour.equals(by.path("provider_id").asText() + " "
                        + by.path("api_flavor").asText())) {
                    var counts = new TreeMap<String, Long>();
                    reading.path("usage")
                            .properties()
                            .forEach(count ->
                                    counts.put(count.getKey(), count.getValue().asLong()));
                    // A part that is told of the whole elsewhere.
                    counts.remove("cache_write_5m_tokens");
                    counts.values().removeIf(count -> count == 0);
                    return counts;
                }
            }
        }
        return Map.of();
    }

    private static Map<String, Long> counts(Usage usage) {
        var counts = new TreeMap<>(Map.of(
                "input_tokens", usage.prompt(),
                "cache_read_tokens", usage.cacheRead(),
                "cache_write_tokens", usage.cacheWrite5m() + usage.cacheWrite1h(),
                "cache_write_1h_tokens", usage.cacheWrite1h(),
                "output_tokens", usage.output(),
                "output_reasoning_tokens", usage.reasoning(),
                "input_audio_tokens", usage.audioInput(),
                "output_audio_tokens", usage.audioOutput(),
                "web_searches", usage.webSearches()));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }
}
