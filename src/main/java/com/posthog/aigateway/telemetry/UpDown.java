package com.posthog.aigateway.telemetry;

/// Counts what comes and goes.
public interface UpDown {

    /// The label values stand in the order of the label names.
    void add(long n, String... labelValues);
}
