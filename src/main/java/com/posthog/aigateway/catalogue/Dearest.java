package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// The most that a token of a request can cost, wherever it lands: US dollars per million.
public record Dearest(BigDecimal input, BigDecimal output) {

    static final Dearest NOTHING = new Dearest(BigDecimal.ZERO, BigDecimal.ZERO);

    /// A cost is rounded half up in each of its five sides.
    private static final long ROUNDED_UP = 3;

    /// Above any real answer, and small enough that no sum of such overflows.
    private static final BigDecimal MOST_NANOS = BigDecimal.valueOf(1_000_000_000_000_000_000L);

    /// Never less than what such an answer costs.
    public Money cost(long inputTokens, long outputTokens) {
        var micros =
                input.multiply(BigDecimal.valueOf(inputTokens)).add(output.multiply(BigDecimal.valueOf(outputTokens)));
        var nanos = micros.movePointRight(3).setScale(0, RoundingMode.CEILING).min(MOST_NANOS);
        return nanos.signum() == 0 ? Money.ZERO : new Money(nanos.longValueExact() + ROUNDED_UP);
    }

    Dearest or(Dearest other) {
        return new Dearest(input.max(other.input), output.max(other.output));
    }

    Dearest times(BigDecimal factor) {
        return new Dearest(input.multiply(factor), output.multiply(factor));
    }
}
