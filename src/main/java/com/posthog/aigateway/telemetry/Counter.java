package com.posthog.aigateway.telemetry;

/// Counts what only ever grows.
public interface Counter {

    /// The label values stand in the order of the label names.
    void add(long n, String... labelValues);
}
