package com.posthog.aigateway.runaway;

import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.config.CallerSettings.Mode;
import com.posthog.aigateway.config.Runaway;
import java.time.Duration;

/// When a credential of a team is stopped, and for how long.
///
/// @param times how often the same body may be sent within a time, which is in milliseconds
record Policy(Mode mode, long times, long within, Speed speed, Duration coolDown) {

    /// How fast may be spent, in nano-dollars a minute.
    ///
    /// @param times of what is usual, where it is at `least` so much
    record Speed(long limit, long times, long least) {}

    static Policy of(Runaway settings) {
        var spend = settings.spend();
        return new Policy(
                settings.mode(),
                settings.sameBody().times(),
                settings.sameBody().within().toMillis(),
                new Speed(
                        Money.ofUsd(spend.usdPerMinute()).nanos(),
                        spend.timesBaseline(),
                        Money.ofUsd(spend.atLeastUsdPerMinute()).nanos()),
                settings.coolDown());
    }
}
