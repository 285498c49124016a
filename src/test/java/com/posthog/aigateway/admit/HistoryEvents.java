package com.posthog.aigateway.admit;

import com.posthog.aigateway.testing.Chance;
import java.util.Map;

/// Draws events by their weights.
final class HistoryEvents {

    private final HistoryWorld.Event[] drawn;

    HistoryEvents(Map<HistoryWorld.Event, Integer> weights) {
        int sum = weights.values().stream().mapToInt(Integer::intValue).sum();
        drawn = new HistoryWorld.Event[sum];
        int end = 0;
        for (var entry : weights.entrySet()) {
            for (int i = 0; i < entry.getValue(); i++) {
                drawn[end++] = entry.getKey();
            }
        }
    }

    HistoryWorld.Event next(Chance chance) {
        return drawn[chance.below(drawn.length)];
    }
}
