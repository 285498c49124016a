package com.posthog.aigateway.flow;

import com.posthog.aigateway.admit.Estimate;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Price;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import org.jspecify.annotations.Nullable;

/// What a call costs, by what its answer says; without a word of usage, by the best estimate.
final class Bill {

    /// Output that a stream does not show before it ends, where the model can reason.
    private static final long HIDDEN_OUTPUT = 256;

    /// A report of more tokens than this is no report, where no model's context is known.
    private static final long BEYOND_BELIEF = 20_000_000;

    private final Catalogue catalogue;
    private final Call call;
    private final Route route;

    Bill(Catalogue catalogue, Call call, Route route) {
        this.catalogue = catalogue;
        this.call = call;
        this.route = route;
    }

    /// The model as it is named to the provider; null where the call names none.
    @Nullable
    String sent() {
        return route.modelAt(route.primary());
    }

    /// True when the answer said what it used.
    boolean known(Reading reading) {
        return call.endpoint().isBilled() && reading.usage() != null && believable(reading.usage());
    }

    /// True when a rate was missing, and the price is a guess: an alarm for operators.
    boolean guessed(Reading reading) {
        var usage = reading.usage();
        return usage != null && known(reading) && !price(reading).guesses(usage).isEmpty();
    }

    Cost cost(Reading reading) {
        if (!call.endpoint().isBilled()) {
            return Cost.NOTHING;
        }
        var usage = reading.usage();
        return usage != null && believable(usage) ? price(reading).cost(usage) : estimate(reading);
    }

    /// Reported input where there is one, delivered output, and an allowance for what is hidden.
    Cost estimate(Reading reading) {
        if (!call.endpoint().isBilled()) {
            return Cost.NOTHING;
        }
        long output = reading.outputTokens() + (route.mayReason() ? HIDDEN_OUTPUT : 0);
        var begun = reading.begun();
        var usage = begun != null && believable(begun)
                ? begun.withOutput(output)
                : Usage.estimate(Estimate.inputTokens(call), output);
        return price(reading).cost(usage).asEstimate();
    }

    private boolean believable(Usage usage) {
        var model = route.model();
        return model == null ? usage.prompt() + usage.output() <= BEYOND_BELIEF : model.believable(usage);
    }

    private Price price(Reading reading) {
        Target target = route.model() == null ? null : route.primary();
        return catalogue.price(reading.model(), sent(), target, call.at());
    }
}
