package com.posthog.aigateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Reading;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Responses: named events; usage stands only in the last one, and beside it the searches that are billed.
final class ResponsesTap implements Tap {

    private static final Set<String> HEAD = Set.of("id", "model", "service_tier");
    private static final Set<String> RESPONSE = Set.of(
            "id", "model", "service_tier", "usage", "status", "error", "incomplete_details", "tool_usage", "output");
    private static final Set<String> ERROR = Set.of("error", "code", "message");

    private final Notes notes = new Notes();

    @Override
    public void event(SseFramer event) {
        var name = event.name();
        var type = name != null
                ? name
                : Picked.from(event.data(), event.dataLength(), Set.of("type")).text("type");
        switch (type == null ? "" : type) {
            case "response.created" ->
                notes.identify(Picked.within("response", event.data(), event.dataLength(), HEAD));
            case "response.queued", "response.in_progress" -> {}
            case "response.completed", "response.incomplete", "response.failed" ->
                finish(Picked.within("response", event.data(), event.dataLength(), RESPONSE));
            case "error" -> fail(Picked.from(event.data(), event.dataLength(), ERROR));
            default -> content(event);
        }
    }

    private void content(SseFramer event) {
        notes.content = true;
        var name = event.name();
        if (name == null || name.endsWith(".delta")) {
            notes.text(Skim.of(event.data(), event.dataLength()).textBytes());
        }
    }

    private void finish(Picked response) {
        notes.finished = true;
        read(response);
    }

    private void fail(Picked error) {
        notes.finished = true;
        if (error.node("error").isObject()) {
            notes.fail(error.node("error"));
        } else {
            var code = error.text("code");
            notes.error = (code == null ? "error" : code) + ": "
                    + error.node("message").asText("");
        }
    }

    @Override
    public void whole(byte[] json) {
        var response = Picked.from(json, json.length, RESPONSE);
        read(response);
        notes.finished = !response.members().isEmpty();
    }

    private void read(Picked response) {
        notes.identify(response);
        notes.fail(response.node("error"));
        notes.usage = OpenAiUsage.ofResponses(response.node("usage"), notes.serviceTier, webSearches(response));
        notes.stopReason = response.text("status");
    }

    /// Newer answers count them; in older ones each call of type search is one.
    private static long webSearches(Picked response) {
        var counted = response.node("tool_usage").path("web_search").path("num_requests");
        if (counted.isIntegralNumber()) {
            return counted.longValue();
        }
        long searches = 0;
        for (var item : response.node("output")) {
            searches += isSearch(item) ? 1 : 0;
        }
        return searches;
    }

    private static boolean isSearch(JsonNode item) {
        return item.path("type").asText("").equals("web_search_call")
                && item.path("action").path("type").asText("search").equals("search");
    }

    @Override
    public @Nullable String id() {
        return notes.id;
    }

    @Override
    public boolean onlyUsage() {
        return false;
    }

    @Override
    public Notes notes() {
        return notes;
    }

    @Override
    public boolean hasContent() {
        return notes.content;
    }

    @Override
    public Reading reading() {
        return notes.reading();
    }
}
