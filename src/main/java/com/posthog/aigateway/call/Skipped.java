package com.posthog.aigateway.call;

/// A target that was not asked though it stood on the call's route.
///
/// @param why in a few words, without content
public record Skipped(String provider, String model, String why) {}
