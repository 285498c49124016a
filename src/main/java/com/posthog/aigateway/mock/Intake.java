package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/// The four doors of capture: two protocols, and the AI events of each on a door of their own.
enum Intake {
    BATCH("/batch", false, false),
    AI_BATCH("/i/v0/ai/batch", false, true),
    ANALYTICS_EVENTS("/i/v1/analytics/events", true, false),
    AI_EVENTS("/i/v1/ai/events", true, true);

    static final int MAX_EVENT = 8 << 20;

    private static final String AI_PREFIX = "$ai_";

    private final String path;
    private final boolean perEventResults;
    private final boolean onlyAi;

    Intake(String path, boolean perEventResults, boolean onlyAi) {
        this.path = path;
        this.perEventResults = perEventResults;
        this.onlyAi = onlyAi;
    }

    static Optional<Intake> of(String path) {
        var bare = Failure.withoutSlash(path);
        for (var lane : values()) {
            if (lane.path.equals(bare)) {
                return Optional.of(lane);
            }
        }
        return Optional.empty();
    }

    boolean perEventResults() {
        return perEventResults;
    }

    boolean refusesName(JsonNode event) {
        return onlyAi && !event.path("event").asText().startsWith(AI_PREFIX);
    }

    /// The size of an event that is too big for this lane, or 0. Events of a small body need no weighing.
    int oversize(JsonNode event, int bodySize) {
        if (!onlyAi || bodySize <= MAX_EVENT) {
            return 0;
        }
        int size = Json.bytes(event).length;
        return size > MAX_EVENT ? size : 0;
    }
}
