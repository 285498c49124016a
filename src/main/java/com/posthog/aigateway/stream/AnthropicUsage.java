package com.posthog.aigateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Anthropic's report: what the cache served and stored is outside its input; some iterations are outside its totals.
final class AnthropicUsage {

    private AnthropicUsage() {}

    /// Null where the usage is absent or cannot be.
    static @Nullable Usage of(JsonNode usage) {
        if (!usage.has("input_tokens") && !usage.has("output_tokens")) {
            return null;
        }
        var iterations = iterations(usage.path("iterations"));
        if (iterations == null) {
            return null;
        }
        var counts = new Counts(usage);
        long written = counts.at("cache_creation_input_tokens");
        long oneHour = Math.min(written, counts.at("cache_creation", "ephemeral_1h_input_tokens"));
        var normal = new Usage(
                counts.at("input_tokens"),
                counts.at("cache_read_input_tokens"),
                written - oneHour,
                oneHour,
                counts.at("output_tokens"),
                counts.at("output_tokens_details", "thinking_tokens"),
                0,
                0,
                0,
                0,
                counts.at("server_tool_use", "web_search_requests"),
                new Usage.Terms(
                        Picked.text(usage.path("service_tier")),
                        Picked.text(usage.path("speed")),
                        Picked.text(usage.path("inference_geo"))),
                iterations);
        return counts.ifSound(normal);
    }

    /// Null where one of them cannot be: left out, it would be given away.
    private static @Nullable List<Usage.Iteration> iterations(JsonNode reported) {
        var iterations = new ArrayList<Usage.Iteration>();
        for (var one : reported) {
            var counts = new Counts(one);
            long written = counts.at("cache_creation_input_tokens");
            long oneHour = Math.min(written, counts.at("cache_creation", "ephemeral_1h_input_tokens"));
            var iteration = counts.ifSound(new Usage.Iteration(
                    one.path("type").asText(""),
                    Picked.text(one.path("model")),
                    counts.at("input_tokens"),
                    counts.at("cache_read_input_tokens"),
                    written - oneHour,
                    oneHour,
                    counts.at("output_tokens")));
            if (iteration == null) {
                return null;
            }
            iterations.add(iteration);
        }
        return iterations;
    }

    /// The report of a `message_delta`, as the provider writes it; of thinking and server tools where there were any.
    static String delta(Usage usage, long webFetches) {
        var thinking = usage.reasoning() == 0
                ? ""
                : ",\"output_tokens_details\":{\"thinking_tokens\":%d}".formatted(usage.reasoning());
        var tools = usage.webSearches() + webFetches == 0
                ? ""
                : ",\"server_tool_use\":{\"web_search_requests\":%d,\"web_fetch_requests\":%d}"
                        .formatted(usage.webSearches(), webFetches);
        return """
                {"input_tokens":%d,"cache_creation_input_tokens":%d,"cache_read_input_tokens":%d,"output_tokens":%d%s%s}""".formatted(
                        usage.input(),
                        usage.cacheWrite5m() + usage.cacheWrite1h(),
                        usage.cacheRead(),
                        usage.output(),
                        thinking,
                        tools);
    }
}
