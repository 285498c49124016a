package com.posthog.aigateway.flow;

import com.posthog.aigateway.admit.Estimate;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Overrun;
import com.posthog.aigateway.call.Overrun.Cause;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Price;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a call costs, by what its answer says; without a word of usage, by the best estimate.
final class Bill {

    /// A report of more tokens than this is no report, where no model's context is known.
    private static final long BEYOND_BELIEF = 20_000_000;

    private final Catalogue catalogue;
    private final Call call;
    private final Route route;
    private final Target target;

    /// @param target of the route, at which it is asked
    Bill(Catalogue catalogue, Call call, Route route, Target target) {
        this.catalogue = catalogue;
        this.call = call;
        this.route = route;
        this.target = target;
    }

    /// The model as it is named to the provider; null where the call names none.
    @Nullable
    String sent() {
        return route.modelAt(target);
    }

    /// Tokens of output by which the hold of a stream grows.
    long slice() {
        return route.estimates().slice();
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
        return call.endpoint().isBilled() ? price(reading).cost(used(reading)).asEstimate() : Cost.NOTHING;
    }

    Usage used(Reading reading) {
        return used(reading.begun(), reading.outputTokens());
    }

    /// What the call is expected to cost when its stream has shown so much.
    ///
    /// @param begun what the stream reported at its start; null as long as it has not
    /// @param output tokens
    Cost upTo(@Nullable Usage begun, long output) {
        return price(Reading.NOTHING).cost(used(begun, output)).asEstimate();
    }

    private Usage used(@Nullable Usage begun, long output) {
        long all = Math.min(output + route.estimates().hiddenOutput(), Estimate.mostOutput(call));
        return begun != null && believable(begun) ? begun.withOutput(all) : Usage.estimate(input(), all);
    }

    private long input() {
        return Estimate.inputTokens(call, route);
    }

    /// Why an answer cost more than was held for it; empty where it did not.
    ///
    /// @param cost of this reading
    List<Overrun> overruns(Reading reading, Cost cost, Money held) {
        var usage = reading.usage();
        var left = cost.total().above(held);
        if (usage == null || cost.estimated() || left.equals(Money.ZERO)) {
            return List.of();
        }
        var price = price(reading);
        var plain = price.cost(usage.plain());
        var expected = used(reading.begun(), 0).withOutput(0);
        var input = price.cost(usage.plain().withOutput(0))
                .total()
                .above(price.cost(expected).total());
        var beside =
                cost.webSearch().plus(price.cost(usage.withoutTerms()).total().above(plain.total()));
        var overruns = new Blame(left);
        if (call.stream()) {
            overruns.add(
                    Cause.RAN_AHEAD,
                    upTo(reading.begun(), reading.outputTokens()).total().above(held));
        }
        overruns.add(
                Cause.TIER, cost.total().above(price.cost(usage.withoutTerms()).total()));
        overruns.add(Cause.SERVER_TOOLS, beside);
        overruns.add(Cause.INPUT, input);
        overruns.add(call.stream() ? Cause.HIDDEN_OUTPUT : Cause.NOT_STREAMED, left);
        return overruns.all;
    }

    /// Each cause is blamed for as much as is left.
    private static final class Blame {
        private final List<Overrun> all = new ArrayList<>();
        private Money left;

        Blame(Money left) {
            this.left = left;
        }

        void add(Cause cause, Money most) {
            var amount = most.compareTo(left) < 0 ? most : left;
            if (!amount.equals(Money.ZERO)) {
                all.add(new Overrun(cause, amount));
                left = left.above(amount);
            }
        }
    }

    private boolean believable(Usage usage) {
        var model = route.model();
        return model == null ? usage.prompt() + usage.output() <= BEYOND_BELIEF : model.believable(usage);
    }

    private Price price(Reading reading) {
        return catalogue.price(reading.model(), sent(), route.model() == null ? null : target, call.at());
    }
}
