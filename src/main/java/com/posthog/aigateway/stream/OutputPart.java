package com.posthog.aigateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One part of an output item, as far as it has come: a piece of content, or of a reasoning's summary.
final class OutputPart {

    private final List<String> annotations = new ArrayList<>();
    private RawObject part;
    private @Nullable GrowingText text;
    private boolean done;

    OutputPart(RawObject part) {
        this.part = part;
        this.text = GrowingText.in(part);
    }

    void event(String type, RawObject data) {
        switch (type) {
            case "response.content_part.done", "response.reasoning_summary_part.done" -> {
                done = true;
                part = data.within("part");
                text = null;
                annotations.clear();
            }
            case "response.output_text.annotation.added" ->
                annotations.add(data.members().getOrDefault("annotation", "null"));
            default -> {
                if (text != null) {
                    text.event(type, data);
                }
            }
        }
    }

    /// Tells what is still to be told of the part.
    ///
    /// @param type of its events, without `.done`
    /// @param more what its last event says besides, where the text is cut
    void end(String type, Map<String, String> place, Map<String, String> more, NumberedEvents events) {
        if (done) {
            return;
        }
        boolean cut = text != null && text.end(place, events);
        var members = new HashMap<>(place);
        if (cut) {
            members.putAll(more);
        }
        members.put("part", ended());
        events.add(type + ".done", members);
    }

    /// The part as its end tells it.
    String ended() {
        var ended = text == null ? part : text.into(part);
        return annotations.isEmpty()
                ? ended.toString()
                : ended.with("annotations", annotations.toString()).toString();
    }
}
