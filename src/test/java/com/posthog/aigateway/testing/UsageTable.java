package com.posthog.aigateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Usage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Usage as a table of counts, so that what we read and what others read off the same recording can be compared.
public final class UsageTable {

    private static final List<String> ANTHROPIC = List.of(
            "input_uncached",
            "cache_read",
            "cache_write_5m",
            "cache_write_1h",
            "output_total",
            "thinking",
            "web_search_requests");
    private static final List<String> OPENAI = List.of(
            "input_total",
            "cache_read",
            "cache_write",
            "output_total",
            "reasoning",
            "input_audio",
            "output_audio",
            "web_search_calls");

    private UsageTable() {}

    /// What is expected: `meta.expected` of a recording. Empty where it carries no usage.
    public static Map<String, Object> expected(Family family, JsonNode expected) {
        var usage = expected.path("usage");
        var counts = new TreeMap<String, Object>();
        if (!usage.isObject()) {
            return counts;
        }
        for (var member : family == Family.ANTHROPIC ? ANTHROPIC : OPENAI) {
            var node = usage.has(member) ? usage.path(member) : expected.path(member);
            counts.put(member, node.asLong());
        }
        counts.put(
                "iterations",
                usage.path("iterations")
                        .valueStream()
                        .map(step -> step(
                                step.path("type").asText(),
                                step.path("input").asLong(),
                                step.path("output").asLong(),
                                step.path("cache_read").asLong(),
                                step.path("cache_write").asLong()))
                        .toList());
        return counts;
    }

    /// What was read. Empty where nothing was.
    public static Map<String, Object> read(Family family, @Nullable Usage usage) {
        var counts = new TreeMap<String, Object>();
        if (usage == null) {
            return counts;
        }
        counts.put("cache_read", usage.cacheRead());
        counts.put("output_total", usage.output());
        if (family == Family.ANTHROPIC) {
            counts.put("input_uncached", usage.input());
            counts.put("cache_write_5m", usage.cacheWrite5m());
            counts.put("cache_write_1h", usage.cacheWrite1h());
            counts.put("thinking", usage.reasoning());
            counts.put("web_search_requests", usage.webSearches());
        } else {
            counts.put("input_total", usage.prompt());
            counts.put("cache_write", usage.cacheWrite5m());
            counts.put("reasoning", usage.reasoning());
            counts.put("input_audio", usage.audioInput());
            counts.put("output_audio", usage.audioOutput());
            counts.put("web_search_calls", usage.webSearches());
        }
        counts.put(
                "iterations",
                usage.iterations().stream()
                        .map(step -> step(
                                step.type(),
                                step.input(),
                                step.output(),
                                step.cacheRead(),
                                step.cacheWrite5m() + step.cacheWrite1h()))
                        .toList());
        return counts;
    }

    private static Map<String, Object> step(String type, long input, long output, long cacheRead, long cacheWrite) {
        return Map.of(
                "type", type, "input", input, "output", output, "cache_read", cacheRead, "cache_write", cacheWrite);
    }
}
