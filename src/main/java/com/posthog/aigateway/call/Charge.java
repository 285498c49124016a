package com.posthog.aigateway.call;

/// Nano-dollars that one call adds to one total of one epoch.
public record Charge(String root, long epoch, Account account, Bucket bucket, long nanos) {}
