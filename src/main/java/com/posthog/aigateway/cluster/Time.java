package com.posthog.aigateway.cluster;

import java.time.Clock;
import java.util.function.LongSupplier;

/// Where time comes from: a clock on the wall, which is looked at when a process joins, and what passes.
///
/// @param nanos grow evenly, from anywhere
public record Time(Clock clock, LongSupplier nanos) {

    public static Time of(Clock clock) {
        return new Time(clock, System::nanoTime);
    }
}
