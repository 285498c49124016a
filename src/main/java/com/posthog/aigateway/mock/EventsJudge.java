package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Judges a batch of the second protocol, where every event has a result of its own.
final class EventsJudge {
    private static final List<HeaderName> REQUIRED = List.of(
            HeaderNames.create("PostHog-Sdk-Info"),
            HeaderNames.create("PostHog-Attempt"),
            HeaderNames.create("PostHog-Request-Id"),
            HeaderNames.create("PostHog-Request-Timestamp"));

    private EventsJudge() {}

    static Verdict judge(Intake lane, ServerRequestHeaders headers, ObjectNode body, int bodySize) {
        if (headers.first(HeaderNames.AUTHORIZATION)
                .filter(value -> value.startsWith("Bearer ") && value.length() > 7)
                .isEmpty()) {
            return Verdict.error(401, "invalid_api_token", "send Authorization: Bearer and the project token");
        }
        for (var name : REQUIRED) {
            if (!headers.contains(name)) {
                return Verdict.error(400, "missing_required_headers", name.defaultCase() + " is missing");
            }
        }
        var batch = body.path("batch");
        if (batch.isEmpty()) {
            return Verdict.error(400, "empty_batch", "the batch holds no event");
        }
        var seen = new HashSet<String>();
        for (var event : batch) {
            if (!event.path("uuid").isTextual()) {
                return Verdict.error(400, "missing_event_uuid", "every event needs a uuid");
            }
            if (!seen.add(event.path("uuid").asText())) {
                return Verdict.error(
                        400, "duplicate_event_uuid", event.path("uuid").asText() + " is there twice");
            }
        }
        return results(lane, batch, bodySize);
    }

    private static Verdict results(Intake lane, JsonNode batch, int bodySize) {
        var answer = Json.object();
        var results = answer.putObject("results");
        var accepted = new ArrayList<JsonNode>();
        for (var event : batch) {
            var result = results.putObject(event.path("uuid").asText());
            if (lane.refusesName(event)) {
                result.put("result", "drop").put("details", "non_ai_event");
            } else if (lane.oversize(event, bodySize) > 0) {
                result.put("result", "drop").put("details", "ai_event_too_big");
            } else if (!event.hasNonNull("event") || !event.hasNonNull("distinct_id")) {
                result.put("result", "drop").put("details", "rejected");
            } else {
                result.put("result", "ok");
                accepted.add(event);
            }
        }
        return Verdict.json(200, answer, accepted);
    }
}
