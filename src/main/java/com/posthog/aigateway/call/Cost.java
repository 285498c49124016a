package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/// What one answer costs, side by side. The total is the sum of the sides, and it is the number that is limited, billed
/// and written to the event.
///
/// @param pricedAs the catalogue's name of the price: a model id, or `ceiling` where the price is unknown
/// @param estimated true when the usage was not reported, and this is the best estimate
@JsonIgnoreProperties(value = "total", allowGetters = true)
public record Cost(
        Money input,
        Money cacheRead,
        Money cacheWrite,
        Money output,
        Money webSearch,
        String pricedAs,
        boolean estimated) {

    /// Where an answer is not billed: a refusal, or an error before content.
    public static final Cost NOTHING =
            new Cost(Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, "nothing", false);

    @JsonProperty
    public Money total() {
        return input.plus(cacheRead).plus(cacheWrite).plus(output).plus(webSearch);
    }

    public Cost asEstimate() {
        return new Cost(input, cacheRead, cacheWrite, output, webSearch, pricedAs, true);
    }
}
