package com.posthog.aigateway.catalogue;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/// US dollars per million tokens, for each kind of token. A kind that is not named has no rate of its own.
record Rates(Map<Kind, BigDecimal> usd) {

    enum Kind {
        INPUT,
        OUTPUT,
        CACHE_READ,
        CACHE_WRITE_5M,
        CACHE_WRITE_1H,
        AUDIO_INPUT,
        AUDIO_OUTPUT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Rates NONE = new Rates(Map.of());

    Rates {
        usd.forEach((kind, rate) -> {
            if (rate.signum() < 0) {
                throw new IllegalArgumentException("'" + kind.word() + "' must not be negative: " + rate);
            }
        });
    }

    Rates with(Kind kind, @Nullable BigDecimal rate) {
        return rate == null ? this : but(new Rates(Map.of(kind, rate)));
    }

    @Nullable
    BigDecimal of(Kind kind) {
        return usd.get(kind);
    }

    BigDecimal orZero(Kind kind) {
        return usd.getOrDefault(kind, BigDecimal.ZERO);
    }

    Rates times(BigDecimal factor) {
        if (factor.compareTo(BigDecimal.ONE) == 0) {
            return this;
        }
        var products = new EnumMap<Kind, BigDecimal>(Kind.class);
        usd.forEach((kind, rate) -> products.put(kind, rate.multiply(factor)));
        return new Rates(products);
    }

    /// Those that are named here or in `other`; the other's where both do.
    Rates but(Rates other) {
        return merged(other, (mine, theirs) -> theirs);
    }

    /// Those that are named here or in `other`; the higher where both do.
    Rates atLeast(Rates other) {
        return merged(other, BigDecimal::max);
    }

    private Rates merged(Rates other, BinaryOperator<BigDecimal> choice) {
        var merged = new EnumMap<Kind, BigDecimal>(Kind.class);
        merged.putAll(usd);
        other.usd.forEach((kind, rate) -> merged.merge(kind, rate, choice));
        return new Rates(merged);
    }
}
