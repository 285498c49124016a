package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What a call is expected to use before anything of its answer is known: its input, and a first slice of its
/// output. Of an answer that is not streamed, the slice is what such an answer usually has. In tokens.
public record Estimate(long input, long output) {

    /// No answer has more tokens.
    private static final long MOST = 1_000_000_000;

    private static final Estimate NOTHING = new Estimate(0, 0);

    public static Estimate of(Call call, Route route) {
        if (!call.endpoint().isBilled()) {
            return NOTHING;
        } else if (call.endpoint() == Endpoint.EMBEDDINGS) {
            return new Estimate(inputTokens(call, route), 0);
        }
        var estimates = route.estimates();
        long shown = call.stream() ? estimates.slice() : estimates.wholeOutput();
        long one = shown + estimates.hiddenOutput();
        return new Estimate(inputTokens(call, route), Math.min(one * choices(call), mostOutput(call)));
    }

    /// Tokens that the call lets be written at most, in all its choices.
    public static long mostOutput(Call call) {
        var own = limit(call);
        return own.isEmpty() ? Long.MAX_VALUE : Math.clamp(own.getAsLong(), 0, MOST) * choices(call);
    }

    /// By the length of its body.
    public static long inputTokens(Call call, Route route) {
        return route.estimates().inputTokens(call.body().bytes().length);
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

    /// How many answers are asked for at once.
    public static int choices(Call call) {
        return call.endpoint() == Endpoint.CHAT_COMPLETIONS
                ? Math.clamp(call.body().whole("n").orElse(1), 1, Reach.MOST_CHOICES)
                : 1;
    }

    /// At the standard price of the route's first target.
    public Money cost(Catalogue catalogue, Call call, Route route) {
        return cost(catalogue, call, route, route.primary());
    }

    /// At the standard price of one of the route's targets.
    Money cost(Catalogue catalogue, Call call, Route route, Target target) {
        return catalogue
                .price(null, route.modelAt(target), route.model() == null ? null : target, call.at())
                .cost(Usage.estimate(input, output))
                .total();
    }

    long tokens() {
        return input + output;
    }
}
