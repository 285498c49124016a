package com.posthog.aigateway.catalogue;

import java.math.BigDecimal;

/// One place that can serve a model.
///
/// @param model as it is named to the provider
/// @param priceTimes what the model's token rates are multiplied by there
public record Target(Provider provider, String model, BigDecimal priceTimes) {}
