package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Usage.Terms;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one model costs from one day on: one price row of `providers.yaml`.
///
/// @param from the first day, in UTC
/// @param webSearch US dollars per thousand
/// @param above by rising prompt size
/// @param tiers by the service tier that the answer names
/// @param fast what fast speed multiplies by; null: not sold
/// @param us what inference in the US multiplies by; null: nothing
record Tariff(
        LocalDate from,
        Rates rates,
        @Nullable BigDecimal webSearch,
        List<Above> above,
        Map<String, Tier> tiers,
        @Nullable BigDecimal fast,
        @Nullable BigDecimal us) {

    /// The rates of a whole request whose prompt is larger than `prompt`.
    record Above(long prompt, Rates rates) {}

    /// How a service tier changes the rates: by a factor, or by rates of its own.
    record Tier(@Nullable BigDecimal times, Rates rates) {

        Rates in(Rates context, boolean longContext) {
            if (times != null) {
                return context.times(times);
            }
            // Rates of a tier's own are for short prompts; no one publishes such for long ones, so the higher holds.
            return longContext ? context.atLeast(rates) : context.but(rates);
        }
    }

    private static final Set<String> STANDARD_TIERS = Set.of("default", "standard", "auto", "scale");
    private static final Set<String> STANDARD_PLACES = Set.of("global", "not_available");

    /// The least that an unlisted tier or speed costs: what the known ones cost.
    private static final BigDecimal UNLISTED = BigDecimal.TWO;

    private static final String FAST = "fast";
    private static final String US = "us";

    Tariff {
        above = List.copyOf(above);
        tiers = Map.copyOf(tiers);
    }

    /// The rates for one answer. The prompt chooses the row, the service tier changes it, speed and place
    /// multiply.
    ///
    /// @param guess told of what the answer names and this tariff does not list
    Rates rates(long prompt, Terms terms, Consumer<String> guess) {
        return tiered(prompt, terms.serviceTier(), guess)
                .times(speed(terms.speed(), guess))
                .times(place(terms.inferenceGeo(), guess));
    }

    /// The most that [#rates] can come to.
    ///
    /// @param prompt the largest that is possible; smaller ones are too
    Dearest dearest(long prompt, Latitude latitude) {
        var dearest = Dearest.NOTHING;
        for (var tier : latitude.tier().with(tiers.keySet())) {
            dearest = dearest.or(Sides.dearest(tiered(0, tier, Tariff::unheard)));
            for (var context : above) {
                if (prompt > context.prompt()) {
                    dearest = dearest.or(Sides.dearest(tiered(context.prompt() + 1, tier, Tariff::unheard)));
                }
            }
        }
        var speeds = latitude.speed().with(fast == null ? List.of() : List.of(FAST));
        var places = latitude.place().with(us == null ? List.of() : List.of(US));
        return dearest.times(most(speeds, this::speed)).times(most(places, this::place));
    }

    private static void unheard(String guess) {
        // The dearest price is no guess: it covers what may be guessed later.
    }

    private static BigDecimal most(
            Collection<@Nullable String> words, BiFunction<@Nullable String, Consumer<String>, BigDecimal> factor) {
        return words.stream().map(word -> factor.apply(word, Tariff::unheard)).reduce(BigDecimal.ZERO, BigDecimal::max);
    }

    ListPrice listed(String model) {
        return new ListPrice(model, from, rates.orZero(Rates.Kind.INPUT), rates.orZero(Rates.Kind.OUTPUT));
    }

    private Rates inContext(long prompt) {
        var found = rates;
        for (var tier : above) {
            if (prompt > tier.prompt()) {
                found = rates.but(tier.rates());
            }
        }
        return found;
    }

    private Rates tiered(long prompt, @Nullable String name, Consumer<String> guess) {
        var context = inContext(prompt);
        boolean longContext = !above.isEmpty() && prompt > above.getFirst().prompt();
        var tier = name == null ? null : tiers.get(name);
        if (tier != null) {
            return tier.in(context, longContext);
        }
        if (name == null || STANDARD_TIERS.contains(name)) {
            return context;
        }
        guess.accept("service_tier " + name);
        var dearest = context.times(UNLISTED);
        for (var listed : tiers.values()) {
            dearest = dearest.atLeast(listed.in(context, longContext));
        }
        return dearest;
    }

    private BigDecimal speed(@Nullable String name, Consumer<String> guess) {
        if (name == null || name.equals("standard")) {
            return BigDecimal.ONE;
        }
        if (name.equals(FAST) && fast != null) {
            return fast;
        }
        guess.accept("speed " + name);
        return fast == null ? UNLISTED : fast.max(UNLISTED);
    }

    private BigDecimal place(@Nullable String name, Consumer<String> guess) {
        if (name == null || STANDARD_PLACES.contains(name)) {
            return BigDecimal.ONE;
        }
        if (!name.equals(US)) {
            guess.accept("inference_geo " + name);
        }
        return us == null ? BigDecimal.ONE : us;
    }
}
