package com.posthog.aigateway.catalogue;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// What calls of a model usually use, as long as nothing is known of one: where the holds of breathing budgets begin.
///
/// @param inputPerByte tokens of input for one byte of a body
/// @param slice tokens of output by which the hold of a stream grows
/// @param wholeOutput tokens of output of an answer that is not streamed
/// @param hiddenOutput tokens of output that a stream does not show before its end: reasoning
public record Estimates(BigDecimal inputPerByte, long slice, long wholeOutput, long hiddenOutput) {

    private static final BigDecimal QUARTER = new BigDecimal("0.25");
    private static final long THOUSAND = 1_000;
    private static final long REASONED = 256;
    private static final long MOST = 1_000_000;

    static final Estimates PLAIN = new Estimates(QUARTER, THOUSAND, THOUSAND, 0);

    /// Also of models that nobody knows.
    static final Estimates REASONING = new Estimates(QUARTER, THOUSAND, THOUSAND, REASONED);

    public Estimates {
        if (inputPerByte.signum() <= 0 || inputPerByte.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException(
                    "'input_per_byte' must be above zero, and at most one token for a byte: " + inputPerByte);
        }
        check("slice", slice, 1);
        check("whole_output", wholeOutput, 1);
        check("hidden_output", hiddenOutput, 0);
    }

    private static void check(String name, long tokens, long least) {
        if (tokens < least || tokens > MOST) {
            throw new IllegalArgumentException("'" + name + "' must be from " + least + " to " + MOST + ": " + tokens);
        }
    }

    /// Of a body of so many bytes.
    public long inputTokens(long bytes) {
        return inputPerByte
                .multiply(BigDecimal.valueOf(bytes))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }
}
