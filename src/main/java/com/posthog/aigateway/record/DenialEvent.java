package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Tally;

/// Makes a tally the event that tells PostHog of refusals: `ai_gateway_request_denied`.
final class DenialEvent {

    private static final String NAME = "ai_gateway_request_denied";

    private final GenerationEvent.Settings settings;

    DenialEvent(GenerationEvent.Settings settings) {
        this.settings = settings;
    }

    /// The whole event: the same for the same tally.
    ObjectNode of(Tally.Counted counted) {
        var tally = counted.tally();
        var first = tally.first();
        var sheet = new Sheet(Json.object());
        sheet.put("$lib", settings.library());
        sheet.put("$lib_version", settings.version());
        sheet.put("$is_server", true);
        sheet.put("$geoip_disable", true);
        sheet.put("count", counted.count());
        sheet.put("counts", Json.tree(counted.counts()));
        refusal(sheet, tally);
        caller(sheet, tally);
        var event = Json.object()
                .put("event", NAME)
                .put("uuid", tally.id().toString())
                .put("distinct_id", GenerationEvent.distinctId(first))
                .put("timestamp", GenerationEvent.MILLIS.format(first.at()));
        event.set("properties", sheet.properties());
        return event;
    }

    /// As the first was told.
    private static void refusal(Sheet sheet, Tally tally) {
        sheet.put("reason", tally.reason().word());
        sheet.put("scope", tally.scope());
        sheet.put("id", tally.account());
        sheet.put("what", tally.what());
        sheet.put("limit", tally.limit());
        sheet.put("used", tally.used());
        sheet.put("held", tally.held());
        sheet.put("mode", "enforce");
    }

    private static void caller(Sheet sheet, Tally tally) {
        var first = tally.first();
        var who = first.who();
        var labels = first.labels();
        sheet.put("credential", who.credential());
        sheet.put("team", who.team());
        sheet.put("team_id", who.posthogTeamId());
        sheet.put("ai_product", who.product());
        sheet.put("$ai_model", first.model());
        sheet.put("$ai_trace_id", labels.trace() == null ? first.id().toString() : labels.trace());
        sheet.put("$ai_session_id", labels.session());
        if (GenerationEvent.person(first) == null) {
            sheet.put("$process_person_profile", false);
        }
    }
}
