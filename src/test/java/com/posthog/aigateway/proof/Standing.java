package com.posthog.aigateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Money;

/// How a team stands, as `GET /v1/usage` says it; in nano-dollars.
record Standing(String team, long limit, long spent, long held, long absent) {

    /// IllegalArgumentException: the answer has no budget of that team.
    static Standing of(Team team, JsonNode usage) {
        for (var budget : usage.path("budgets")) {
            if (budget.path("scope").asText().equals("team")
                    && budget.path("id").asText().equals(team.id())) {
                return new Standing(
                        team.id(),
                        nanos(budget, "limit_usd"),
                        nanos(budget, "spent_usd"),
                        nanos(budget, "held_usd"),
                        nanos(budget, "absent_usd"));
            }
        }
        throw new IllegalArgumentException("no budget of team '" + team.id() + "' in " + usage);
    }

    static long nanos(JsonNode node, String name) {
        return Money.parse(node.path(name).asText()).nanos();
    }
}
