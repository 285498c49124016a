package com.posthog.aigateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OpenAI's report, read and written: cached and cache-write tokens are inside its input, reasoning is inside its
/// output
/// (`facts` of the chat and responses APIs, recorded).
final class OpenAiUsage {

    private OpenAiUsage() {}

    /// Null where the usage is absent or cannot be.
    static @Nullable Usage ofChat(JsonNode usage, @Nullable String serviceTier) {
        return usage.has("prompt_tokens") ? read(usage, "prompt_tokens", "completion_tokens", serviceTier, 0) : null;
    }

    static @Nullable Usage ofResponses(JsonNode usage, @Nullable String serviceTier, long webSearches) {
        return usage.has("input_tokens")
                ? read(usage, "input_tokens", "output_tokens", serviceTier, webSearches)
                : null;
    }

    private static @Nullable Usage read(
            JsonNode usage, String input, String output, @Nullable String serviceTier, long webSearches) {
        var counts = new Counts(usage);
        long read = counts.at(input + "_details", "cached_tokens");
        long written = counts.at(input + "_details", "cache_write_tokens");
        var normal = new Usage(
                counts.rest(counts.at(input), read, written),
                read,
                written,
                0,
                counts.at(output),
                counts.at(output + "_details", "reasoning_tokens"),
                counts.at(input + "_details", "audio_tokens"),
                counts.at(output + "_details", "audio_tokens"),
                counts.at(input + "_details", "image_tokens"),
                counts.at(output + "_details", "image_tokens"),
                webSearches,
                new Usage.Terms(serviceTier, null, null),
                List.of());
        return counts.ifSound(normal);
    }

    /// The report of a chat, as the provider writes it.
    static String chat(Usage usage) {
        return """
                {"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,\
                "prompt_tokens_details":{"cached_tokens":%d,"cache_write_tokens":%d,"audio_tokens":%d},\
                "completion_tokens_details":{"reasoning_tokens":%d,"audio_tokens":%d,\
                "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""".formatted(
                        usage.prompt(),
                        usage.output(),
                        usage.prompt() + usage.output(),
                        usage.cacheRead(),
                        written(usage),
                        usage.audioInput(),
                        usage.reasoning(),
                        usage.audioOutput());
    }

    /// The report of a response, as the provider writes it.
    static String responses(Usage usage) {
        return """
                {"input_tokens":%d,"input_tokens_details":{"cache_write_tokens":%d,"cached_tokens":%d},\
                "output_tokens":%d,"output_tokens_details":{"reasoning_tokens":%d},"total_tokens":%d}""".formatted(
                        usage.prompt(),
                        written(usage),
                        usage.cacheRead(),
                        usage.output(),
                        usage.reasoning(),
                        usage.prompt() + usage.output());
    }

    private static long written(Usage usage) {
        return usage.cacheWrite5m() + usage.cacheWrite1h();
    }
}
