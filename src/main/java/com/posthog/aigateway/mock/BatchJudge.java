package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;

/// Judges a batch of the first protocol: all of it is taken, or none.
final class BatchJudge {
    private BatchJudge() {}

    static Verdict judge(Intake lane, ObjectNode body, int bodySize) {
        if (!body.hasNonNull("api_key") && !body.hasNonNull("token")) {
            return Verdict.text(401, "API key is missing: send api_key or token");
        }
        var batch = body.path("batch");
        if (batch.isEmpty()) {
            return Verdict.text(400, "request holds no event");
        }
        var accepted = new ArrayList<JsonNode>();
        for (var event : batch) {
            if (!event.hasNonNull("event")) {
                return Verdict.text(400, "event submitted without an event name");
            }
            if (!event.hasNonNull("distinct_id") && !event.path("properties").hasNonNull("distinct_id")) {
                return Verdict.text(400, "event submitted without a distinct_id");
            }
            var name = event.path("event").asText();
            if (lane.refusesName(event)) {
                return Verdict.text(400, "event '" + name + "' is not an AI event");
            }
            int oversize = lane.oversize(event, bodySize);
            if (oversize > 0) {
                return Verdict.text(
                        413,
                        "AI event " + name + " (uuid " + event.path("uuid").asText() + ") is " + oversize
                                + " bytes, over the " + Intake.MAX_EVENT + "-byte limit");
            }
            accepted.add(event);
        }
        return Verdict.json(200, Json.object().put("status", 1), accepted);
    }
}
