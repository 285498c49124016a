package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one answer used, in tokens, normalised once from the provider's own report: `input` excludes what the cache
/// served or stored, `output` includes reasoning. Audio and image tokens are parts of input and output.
///
/// @param cacheWrite5m Anthropic's five-minute writes, and OpenAI's writes, which have one price
/// @param terms what in the answer chooses the price
/// @param iterations Anthropic's steps; those that are billed outside the totals say so
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record Usage(
        long input,
        long cacheRead,
        long cacheWrite5m,
        long cacheWrite1h,
        long output,
        long reasoning,
        long audioInput,
        long audioOutput,
        long imageInput,
        long imageOutput,
        long webSearches,
        Terms terms,
        List<Iteration> iterations) {

    /// The service tier, speed and place that the answer names; null where it names none.
    public record Terms(
            @Nullable String serviceTier,
            @Nullable String speed,
            @Nullable String inferenceGeo) {
        public static final Terms NONE = new Terms(null, null, null);
    }

    /// One step of Anthropic's `usage.iterations`. `compaction` and `advisor_message` are billed but not in the totals.
    public record Iteration(
            String type,
            @Nullable String model,
            long input,
            long cacheRead,
            long cacheWrite5m,
            long cacheWrite1h,
            long output) {

        @JsonIgnore
        public boolean billedOutsideTotals() {
            return type.equals("compaction") || type.equals("advisor_message");
        }
    }

    public Usage {
        terms = terms == null ? Terms.NONE : terms;
        iterations = iterations == null ? List.of() : List.copyOf(iterations);
    }

    /// An estimate that knows only how much went in and came out.
    public static Usage estimate(long input, long output) {
        return new Usage(input, 0, 0, 0, output, 0, 0, 0, 0, 0, 0, Terms.NONE, List.of());
    }

    public Usage withOutput(long output) {
        return new Usage(
                input, cacheRead, cacheWrite5m, cacheWrite1h, output, 0, 0, 0, 0, 0, webSearches, terms, List.of());
    }

    /// At the standard price.
    public Usage withoutTerms() {
        return new Usage(
                input,
                cacheRead,
                cacheWrite5m,
                cacheWrite1h,
                output,
                reasoning,
                audioInput,
                audioOutput,
                imageInput,
                imageOutput,
                webSearches,
                Terms.NONE,
                iterations);
    }

    /// Input and output at the standard price, and nothing beside.
    public Usage plain() {
        return new Usage(input, cacheRead, cacheWrite5m, cacheWrite1h, output, 0, 0, 0, 0, 0, 0, Terms.NONE, List.of());
    }

    /// All that was read: it decides long-context prices.
    public long prompt() {
        return input + cacheRead + cacheWrite5m + cacheWrite1h;
    }
}
