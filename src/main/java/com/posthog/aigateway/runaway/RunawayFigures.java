package com.posthog.aigateway.runaway;

import com.posthog.aigateway.telemetry.Counter;
import com.posthog.aigateway.telemetry.Metrics;
import java.util.Locale;

/// What is stopped, as metrics.
public final class RunawayFigures {

    private final Counter opened;
    private final Counter refusals;

    public RunawayFigures(Metrics metrics, Breakers breakers) {
        opened = metrics.counter("aigw_runaway_opened", "Breakers that this replica has opened", "kind", "mode");
        refusals = metrics.counter(
                "aigw_runaway_refusals", "Calls refused, or that would be, by a breaker that is open", "kind", "mode");
        metrics.gauge(
                "aigw_runaway_open",
                "Breakers that are open",
                () -> breakers.all().size());
    }

    void opened(Breaker breaker) {
        opened.add(1, breaker.kind().word(), breaker.mode().name().toLowerCase(Locale.ROOT));
    }

    void refused(Breaker breaker, boolean really) {
        refusals.add(1, breaker.kind().word(), really ? "enforce" : "shadow");
    }
}
