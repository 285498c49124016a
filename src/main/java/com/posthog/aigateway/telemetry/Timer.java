package com.posthog.aigateway.telemetry;

import java.time.Duration;

/// Tells how long something takes.
public interface Timer {

    /// The label values stand in the order of the label names.
    void record(Duration time, String... labelValues);
}
