package com.posthog.aigateway.admit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Money;
import java.util.List;
import java.util.Locale;

/// The answer to `GET /v1/usage`: every budget and limit of a caller, and how it stands.
final class Standings {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode page = JSON.createObjectNode();
    private final ArrayNode budgets = page.putArray("budgets");
    private final ArrayNode limits = page.putArray("limits");

    /// @param standings in the order of the claims' caps and rates
    void add(List<Claim> claims, List<Standing> standings) {
        var next = standings.iterator();
        for (var claim : claims) {
            for (var cap : claim.caps()) {
                budget(claim, cap, next.next());
            }
            claim.rates().forEach(_ -> limit(next.next()));
        }
    }

    private void budget(Claim claim, Cap cap, Standing standing) {
        budgets.addObject()
                .put("scope", standing.account().scope().word())
                .put("id", standing.account().id())
                .put("window", standing.what())
                .put("guarantee", claim.strict() ? "strict" : "breathing")
                .put("mode", cap.mode().name().toLowerCase(Locale.ROOT))
                .put("limit_usd", new Money(standing.limit()).toString())
                .put("spent_usd", new Money(standing.used()).toString())
                .put("held_usd", new Money(standing.held()).toString())
                .put("absent_usd", new Money(standing.absent()).toString());
    }

    private void limit(Standing standing) {
        limits.addObject()
                .put("scope", standing.account().scope().word())
                .put("id", standing.account().id())
                .put("kind", standing.what())
                .put("limit", standing.limit())
                .put("left", standing.limit() - standing.used());
    }

    byte[] json() {
        return page.toString().getBytes(UTF_8);
    }
}
