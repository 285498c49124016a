package com.posthog.aigateway.call;

import java.time.Instant;

/// Whose it is, what a provider has stored for us: all our callers share one account there.
///
/// @param provider that has it
/// @param until when it is remembered
public record Owner(String team, String provider, Instant until) {}
