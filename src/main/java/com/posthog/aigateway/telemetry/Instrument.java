package com.posthog.aigateway.telemetry;

import java.util.List;
import java.util.Locale;

/// What an instrument is, as Prometheus is told; also before it has measured anything.
record Instrument(String name, String help, Kind kind, List<String> labelNames) {

    enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    String shownName() {
        return kind == Kind.COUNTER ? name + "_total" : name;
    }
}
