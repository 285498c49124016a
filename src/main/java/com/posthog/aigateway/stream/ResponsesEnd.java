package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.call.Usage;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/// Responses: each open part and item gets its `.done`, then comes `response.incomplete` with the whole response, all
/// numbered on from the last event.
///
/// Keeps the response as it began, and all output so far, as that has to be said again: at most what was sent, in the
/// text that it came in. An item that is done is kept once.
final class ResponsesEnd implements LegalEnd {

    private final UUID call;
    private final NavigableMap<Long, OutputItem> output = new TreeMap<>();
    private RawObject response = RawObject.EMPTY;
    private long next;
    private boolean over;

    ResponsesEnd(UUID call) {
        this.call = call;
    }

    @Override
    public void event(SseFramer event) {
        if (!event.hasData() || over) {
            return;
        }
        var data = RawObject.of(event.data(), event.dataLength());
        next = Math.max(next, data.number("sequence_number") + 1);
        var name = event.name();
        var type = name != null ? name : data.word("type");
        switch (type) {
            case "response.created", "response.queued", "response.in_progress" -> response = data.within("response");
            case "response.completed", "response.incomplete", "response.failed", "error" -> over = true;
            case "response.output_item.added" -> put(data, OutputItem.opened(data.within("item")));
            case "response.output_item.done" ->
                put(data, OutputItem.done(data.members().getOrDefault("item", "{}")));
            default -> {
                var item = output.get(data.number("output_index"));
                if (item != null) {
                    item.event(type, data);
                }
            }
        }
    }

    private void put(RawObject data, OutputItem item) {
        output.put(data.number("output_index"), item);
    }

    @Override
    public byte[] bytes(Usage usage) {
        if (over) {
            return NOTHING;
        }
        if (response.isEmpty()) {
            return LegalEnd.beforeTheBegin(Shape.OPENAI_RESPONSES, call);
        }
        var events = new NumberedEvents(next);
        output.forEach((index, item) -> item.end(index, events));
        events.add("response.incomplete", Map.of("response", ended(usage).toString()));
        return LegalEnd.utf8(events.toString());
    }

    private RawObject ended(Usage usage) {
        var items = output.values().stream().map(OutputItem::ended).collect(Collectors.joining(",", "[", "]"));
        var ended = response.with("status", "\"incomplete\"")
                .with("incomplete_details", "{\"reason\":\"max_output_tokens\"}")
                .with("output", items)
                .with("usage", OpenAiUsage.responses(usage));
        return ended.has("completed_at") ? ended.with("completed_at", "null") : ended;
    }
}
