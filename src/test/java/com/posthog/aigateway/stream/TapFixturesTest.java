package com.posthog.aigateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Usage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Recorded answers: the usage is the one that others read off the same bytes.
class TapFixturesTest {

    /// Recordings whose expected usage is not ours, and why.
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "vx-stream-code-execution-prompt-cache",
            "3337 tokens were written, the split of message_start tells of 3068 only: we count the rest, too");

    static List<Recorded> recorded() throws IOException {
        return Recorded.all().stream().filter(Recorded::isNoError).toList();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void readsTheUsage(Recorded recorded) throws IOException {
        var meta = recorded.orSkip().meta();
        Assumptions.assumeFalse(EXCEPTIONS.containsKey(recorded.name()), EXCEPTIONS.get(recorded.name()));

        var reading = recorded.isStream()
                ? Read.events(recorded.shape(), recorded.body())
                : Read.whole(recorded.shape(), recorded.body());

        var expected = meta.path("expected");
        assertThat(told(recorded, reading.usage())).isEqualTo(counts(recorded, expected.path("usage")));
        if (expected.path("model").isTextual() && !expected.path("usage").isNull()) {
            assertThat(reading.model()).isEqualTo(expected.path("model").textValue());
        }
    }

    private static Map<String, Object> counts(Recorded recorded, JsonNode usage) {
        var counts = new TreeMap<String, Object>();
        var members = recorded.shape().family() == Family.ANTHROPIC
                ? List.of(
                        "input_uncached",
                        "cache_read",
                        "cache_write_5m",
                        "cache_write_1h",
                        "output_total",
                        "thinking",
                        "web_search_requests")
                : List.of("input_total", "cache_read", "cache_write", "output_total", "reasoning");
        if (usage.isObject()) {
            members.forEach(member -> counts.put(member, usage.path(member).asLong()));
            counts.put(
                    "iterations",
                    usage.path("iterations")
                            .valueStream()
                            .map(TapFixturesTest::step)
                            .toList());
        }
        return counts;
    }

    private static Map<String, Object> step(JsonNode iteration) {
        var step = new LinkedHashMap<String, Object>();
        step.put("type", iteration.path("type").asText());
        for (var member : List.of("input", "output", "cache_read", "cache_write")) {
            step.put(member, iteration.path(member).asLong());
        }
        return step;
    }

    private static Map<String, Object> told(Recorded recorded, @Nullable Usage usage) {
        var told = new TreeMap<String, Object>();
        if (usage == null) {
            return told;
        }
        told.put("cache_read", usage.cacheRead());
        told.put("output_total", usage.output());
        if (recorded.shape().family() == Family.ANTHROPIC) {
            told.put("input_uncached", usage.input());
            told.put("cache_write_5m", usage.cacheWrite5m());
            told.put("cache_write_1h", usage.cacheWrite1h());
            told.put("thinking", usage.reasoning());
            told.put("web_search_requests", usage.webSearches());
        } else {
            told.put("input_total", usage.prompt());
            told.put("cache_write", usage.cacheWrite5m());
            told.put("reasoning", usage.reasoning());
        }
        told.put(
                "iterations",
                usage.iterations().stream()
                        .map(step -> Map.<String, Object>of(
                                "type", step.type(),
                                "input", step.input(),
                                "output", step.output(),
                                "cache_read", step.cacheRead(),
                                "cache_write", step.cacheWrite5m() + step.cacheWrite1h()))
                        .toList());
        return told;
    }
}
