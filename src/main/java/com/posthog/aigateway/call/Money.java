package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// An exact amount of US dollars, in whole nano-dollars (10^-9 USD). Never a floating point number.
public record Money(long nanos) implements Comparable<Money> {

    public static final Money ZERO = new Money(0);

    private static final int DECIMALS = 9;

    /// The nearest nano-dollar, half up.
    public static Money ofUsd(BigDecimal usd) {
        return new Money(
                usd.movePointRight(DECIMALS).setScale(0, RoundingMode.HALF_UP).longValueExact());
    }

    @JsonCreator
    public static Money parse(String usd) {
        return ofUsd(new BigDecimal(usd));
    }

    public Money plus(Money other) {
        return new Money(Math.addExact(nanos, other.nanos));
    }

    /// Never below zero.
    public Money above(Money other) {
        return new Money(Math.max(0, Math.subtractExact(nanos, other.nanos)));
    }

    public BigDecimal usd() {
        return BigDecimal.valueOf(nanos, DECIMALS);
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(nanos, other.nanos);
    }

    /// A decimal number of dollars with nine digits after the point, as `/v1/usage` and the journal write it.
    @Override
    @JsonValue
    public String toString() {
        return usd().toPlainString();
    }
}
