package com.posthog.aigateway.catalogue;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// The price row that holds for a model on one day, for people to read: US dollars per million tokens.
///
/// @param name the id of the priced model, or `ceiling`
/// @param from the first day of the row; null for the ceiling
public record ListPrice(String name, @Nullable LocalDate from, BigDecimal input, BigDecimal output) {}
