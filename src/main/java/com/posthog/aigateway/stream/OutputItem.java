package com.posthog.aigateway.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One output item of a streamed response, as far as it has come: it has text of its own, or parts, or none of both.
/// What is not known of its kind stays as it was when it was opened.
final class OutputItem {

    private final RawObject opened;
    private final @Nullable String done;
    private final @Nullable GrowingText text;
    private final NavigableMap<Long, OutputPart> summary = new TreeMap<>();
    private final NavigableMap<Long, OutputPart> content = new TreeMap<>();

    private OutputItem(RawObject opened, @Nullable String done) {
        this.opened = opened;
        this.done = done;
        this.text = GrowingText.in(opened);
    }

    static OutputItem opened(RawObject item) {
        return new OutputItem(item, null);
    }

    /// @param item the text of the whole item, as the provider has told it at the end
    static OutputItem done(String item) {
        return new OutputItem(RawObject.EMPTY, item);
    }

    void event(String type, RawObject data) {
        switch (type) {
            case "response.reasoning_summary_part.added" ->
                summary.put(data.number("summary_index"), new OutputPart(data.within("part")));
            case "response.content_part.added" ->
                content.put(data.number("content_index"), new OutputPart(data.within("part")));
            default -> grow(type, data);
        }
    }

    private void grow(String type, RawObject data) {
        var part = data.has("summary_index")
                ? summary.get(data.number("summary_index"))
                : content.get(data.number("content_index"));
        if (part != null) {
            part.event(type, data);
        } else if (text != null) {
            text.event(type, data);
        }
    }

    /// Tells what is still to be told of the item.
    void end(long index, NumberedEvents events) {
        if (done != null) {
            return;
        }
        var place =
                Map.of("item_id", opened.members().getOrDefault("id", "null"), "output_index", Long.toString(index));
        if (text != null) {
            text.end(place, events);
        }
        summary.forEach((number, part) -> part.end(
                "response.reasoning_summary_part",
                at(place, "summary_index", number),
                Map.of("status", "\"incomplete\""),
                events));
        content.forEach((number, part) ->
                part.end("response.content_part", at(place, "content_index", number), Map.of(), events));
        events.add("response.output_item.done", Map.of("item", ended(), "output_index", Long.toString(index)));
    }

    private static Map<String, String> at(Map<String, String> item, String name, long number) {
        var place = new HashMap<>(item);
        place.put(name, Long.toString(number));
        return place;
    }

    /// The item as its end tells it.
    String ended() {
        if (done != null) {
            return done;
        }
        var ended = opened;
        if (text != null) {
            ended = text.into(ended);
        }
        if (!summary.isEmpty()) {
            ended = ended.with("summary", list(summary));
        }
        if (!content.isEmpty()) {
            ended = ended.with("content", list(content));
        }
        return ended.has("status") ? ended.with("status", status()).toString() : ended.toString();
    }

    private static String list(NavigableMap<Long, OutputPart> parts) {
        return parts.values().stream().map(OutputPart::ended).collect(Collectors.joining(",", "[", "]"));
    }

    /// What the kinds call it when they are broken off: two of them do not know `incomplete`.
    private String status() {
        return switch (opened.word("type")) {
            case "image_generation_call" -> "\"failed\"";
            case "apply_patch_call" -> "\"in_progress\"";
            default -> "\"incomplete\"";
        };
    }
}
