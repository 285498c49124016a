package com.posthog.aigateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.admin.LedgerPages.Page;
import com.posthog.aigateway.runaway.Breakers;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/// Which breakers are open and why, as JSON for operators, who may close them.
final class RunawayPages {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HELP = "GET /runaway, POST /runaway/close {what}";

    private final Breakers breakers;

    RunawayPages(Breakers breakers) {
        this.breakers = breakers;
    }

    /// Empty where the path is none of these.
    Optional<Page> answer(String method, String path, byte[] body, String who) {
        if (!path.equals("/runaway") && !path.startsWith("/runaway/")) {
            return Optional.empty();
        }
        return Optional.of(
                switch (method + " " + path) {
                    case "GET /runaway" -> open();
                    case "POST /runaway/close" -> close(read(body).path("what").asText(""), who);
                    default -> fault(404, "nothing is served here; served are " + HELP);
                });
    }

    private Page open() {
        var page = JSON.createArrayNode();
        for (var breaker : breakers.all()) {
            page.addObject()
                    .put("what", breaker.what())
                    .put("why", breaker.why())
                    .put("kind", breaker.kind().word())
                    .put("credential", breaker.credential())
                    .put("team", breaker.team())
                    .put("limit", breaker.limit())
                    .put("used", breaker.used())
                    .put("mode", breaker.mode().name().toLowerCase(Locale.ROOT))
                    .put("opened_at", breaker.openedAt().toString())
                    .put("until", breaker.until().toString());
        }
        return new Page(200, page.toString());
    }

    private Page close(String what, String who) {
        if (what.isBlank()) {
            return fault(400, "'what' is missing; it is one of those that GET /runaway shows");
        }
        var members = breakers.close(what, who);
        return members.isEmpty()
                ? fault(404, "'" + what + "' is not open; GET /runaway shows what is")
                : new Page(200, "{\"closed_on\":" + members.getAsInt() + "}");
    }

    /// What is no JSON names nothing.
    private static JsonNode read(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException _) {
            return JSON.missingNode();
        }
    }

    private static Page fault(int status, String what) {
        return new Page(status, JSON.createObjectNode().put("error", what).toString());
    }
}
