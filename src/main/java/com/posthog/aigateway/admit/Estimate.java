package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Route;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What a call is expected to use before anything of its answer is known: its input, and a first slice of its
/// output. Of an answer that is not streamed, the slice is what such an answer usually has.
public record Estimate(long input, long output) {

    /// As long as no model says otherwise: bytes of a body for one token of input.
    private static final long BYTES_PER_TOKEN = 4;

    private static final long SLICE = 1_000;
    private static final long TYPICAL = 1_000;

    private static final Estimate NOTHING = new Estimate(0, 0);

    public static Estimate of(Call call) {
        if (!call.endpoint().isBilled()) {
            return NOTHING;
        } else if (call.endpoint() == Endpoint.EMBEDDINGS) {
            return new Estimate(inputTokens(call), 0);
        }
        long own = limit(call).orElse(Long.MAX_VALUE);
        long output = Math.min(call.stream() ? SLICE : TYPICAL, Math.max(0, own));
        return new Estimate(inputTokens(call), output * choices(call));
    }

    /// By the length of its body.
    public static long inputTokens(Call call) {
        return Math.ceilDiv(call.body().bytes().length, BYTES_PER_TOKEN);
    }

    private static OptionalLong limit(Call call) {
        var names = switch (call.endpoint().shape()) {
            case OPENAI_CHAT -> Stream.of("max_completion_tokens", "max_tokens");
            case OPENAI_RESPONSES -> Stream.of("max_output_tokens");
            case OPENAI_EMBEDDINGS -> Stream.<String>empty();
            case ANTHROPIC_MESSAGES -> Stream.of("max_tokens");
        };
        return names.map(call.body()::whole).flatMapToLong(OptionalLong::stream).findFirst();
    }

    private static long choices(Call call) {
        return call.endpoint() == Endpoint.CHAT_COMPLETIONS
                ? Math.clamp(call.body().whole("n").orElse(1), 1, Reach.MOST_CHOICES)
                : 1;
    }

    /// At the standard price of the route's first target.
    public Money cost(Catalogue catalogue, Call call, Route route) {
        var target = route.primary();
        return catalogue
                .price(null, route.modelAt(target), route.model() == null ? null : target, call.at())
                .cost(Usage.estimate(input, output))
                .total();
    }

    long tokens() {
        return input + output;
    }
}
