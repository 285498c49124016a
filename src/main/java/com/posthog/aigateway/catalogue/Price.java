package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.call.Usage.Iteration;
import com.posthog.aigateway.call.Usage.Terms;
import com.posthog.aigateway.config.GatewaySettings.Ceiling;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// From usage to cost: the only place where an answer is priced.
public final class Price {

    static final String CEILING = "ceiling";

    private final String name;
    private final boolean known;
    private final Tariff tariff;
    private final BigDecimal times;
    private final Function<@Nullable String, Price> ofModel;

    private Price(
            String name, boolean known, Tariff tariff, BigDecimal times, Function<@Nullable String, Price> ofModel) {
        this.name = name;
        this.known = known;
        this.tariff = tariff;
        this.times = times;
        this.ofModel = ofModel;
    }

    /// A model's price.
    ///
    /// @param times the serving target's factor
    /// @param ofModel the price of a model that took a step of the answer; null: of one that is not named
    static Price of(String model, Tariff tariff, BigDecimal times, Function<@Nullable String, Price> ofModel) {
        return new Price(model, true, tariff, times, ofModel);
    }

    /// What an unknown model is held to cost.
    static Price ceiling(Ceiling usd, Function<@Nullable String, Price> ofModel) {
        var rates = Rates.NONE.with(Rates.Kind.INPUT, usd.input()).with(Rates.Kind.OUTPUT, usd.output());
        var tariff = new Tariff(LocalDate.MIN, rates, null, List.of(), Map.of(), null, null);
        return new Price(CEILING, false, tariff, BigDecimal.ONE, ofModel);
    }

    /// The id of the priced model, or `ceiling`.
    public String name() {
        return name;
    }

    /// False for the ceiling: the model has no price, which is worth an alarm.
    public boolean known() {
        return known;
    }

    /// The cost, exact in each side and then rounded half up to a nano-dollar. A count that cannot be true is bounded,
    /// never thrown at; [Model#believable] tells.
    public Cost cost(Usage usage) {
        return sides(usage).cost(name);
    }

    /// What the cost of such an answer rests on that the catalogue does not say, as words for an alarm: a cache rate, a
    /// service tier, a model. Empty nearly always.
    public List<String> guesses(Usage usage) {
        return sides(usage).guesses();
    }

    private Sides sides(Usage usage) {
        var sides = new Sides();
        add(usage, sides);
        for (var step : usage.iterations()) {
            if (step.billedOutsideTotals()) {
                var price = priceOf(step);
                price.add(alone(step, price == this ? usage.terms() : withoutSpeed(usage.terms())), sides);
            }
        }
        return sides;
    }

    private void add(Usage usage, Sides sides) {
        if (!known) {
            sides.guess("model");
        }
        // The ceiling is the whole price already: no tier raises or lowers it.
        var terms = known ? usage.terms() : Terms.NONE;
        sides.add(usage, tariff.rates(prompt(usage), terms, sides::guess).times(times));
        sides.addSearches(usage.webSearches(), tariff.webSearch());
    }

    /// A compaction is the answering model's own work; an advisor says who it is.
    private Price priceOf(Iteration step) {
        if (step.model() == null && step.type().equals("compaction")) {
            return this;
        }
        var other = ofModel.apply(step.model());
        return other.name.equals(name) ? this : other;
    }

    /// Tier and place hold for every step; the speed is the answering model's own.
    private static Terms withoutSpeed(Terms terms) {
        return new Terms(terms.serviceTier(), null, terms.inferenceGeo());
    }

    private static Usage alone(Iteration step, Terms terms) {
        return new Usage(
                step.input(),
                step.cacheRead(),
                step.cacheWrite5m(),
                step.cacheWrite1h(),
                step.output(),
                0,
                0,
                0,
                0,
                0,
                0,
                terms,
                List.of());
    }

    private static long prompt(Usage usage) {
        return Sides.bounded(usage.input())
                + Sides.bounded(usage.cacheRead())
                + Sides.bounded(usage.cacheWrite5m())
                + Sides.bounded(usage.cacheWrite1h());
    }
}
