package com.posthog.aigateway.catalogue;

import java.math.BigDecimal;

/// One place that can serve a model.
///
/// @param model as it is named to the provider
/// @param priceTimes what the model's token rates are multiplied by there
/// @param repeatsAfterTimeout whether a whole answer that did not come in time is asked for elsewhere; both
/// may be billed
public record Target(Provider provider, String model, BigDecimal priceTimes, boolean repeatsAfterTimeout) {

    public Target(Provider provider, String model, BigDecimal priceTimes) {
        this(provider, model, priceTimes, false);
    }
}
