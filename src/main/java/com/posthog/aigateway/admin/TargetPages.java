package com.posthog.aigateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.admin.LedgerPages.Page;
import com.posthog.aigateway.dispatch.TargetDesk;
import com.posthog.aigateway.dispatch.TargetState;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the targets stand, as JSON for operators, and how they are taken out and put back.
final class TargetPages {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HELP =
            "GET /targets, POST /targets/eject {provider, model, reason}, POST /targets/restore {provider, model}";

    private final TargetDesk desk;

    TargetPages(TargetDesk desk) {
        this.desk = desk;
    }

    /// Empty where the path is none of these.
    Optional<Page> answer(String method, String path, byte[] body, String who) {
        if (!path.equals("/targets") && !path.startsWith("/targets/")) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    switch (method + " " + path) {
                        case "GET /targets" -> states();
                        case "POST /targets/eject" -> eject(read(body), who);
                        case "POST /targets/restore" -> restore(read(body), who);
                        default -> fault(404, "nothing is served here; served are " + HELP);
                    });
        } catch (IllegalArgumentException wrong) {
            return Optional.of(fault(400, String.valueOf(wrong.getMessage())));
        }
    }

    private Page states() {
        var page = JSON.createArrayNode();
        for (TargetState state : desk.states()) {
            var row = page.addObject()
                    .put("provider", state.provider())
                    .put("model", state.model())
                    .put("breaker", state.breaker())
                    .put("calls", state.calls())
                    .put("failures", state.failures())
                    .put("ejected", state.ejected());
            row.put("open_until", text(state.openUntil()));
            row.put("cools_until", text(state.coolsUntil()));
        }
        return new Page(200, page.toString());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private Page eject(JsonNode asked, String who) {
        var reason = asked.path("reason").asText("no reason given");
        return inForce(desk.eject(provider(asked), asked.path("model").textValue(), reason, who));
    }

    private Page restore(JsonNode asked, String who) {
        return inForce(desk.restore(provider(asked), asked.path("model").textValue(), who));
    }

    private static String provider(JsonNode asked) {
        var provider = asked.path("provider").asText("");
        if (provider.isBlank()) {
            throw new IllegalArgumentException("'provider' is missing");
        }
        return provider;
    }

    private static JsonNode read(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new IllegalArgumentException("the body is not JSON", e);
        }
    }

    private static Page inForce(int members) {
        return new Page(200, "{\"in_force_on\":" + members + "}");
    }

    private static Page fault(int status, String what) {
        return new Page(status, JSON.createObjectNode().put("error", what).toString());
    }
}
