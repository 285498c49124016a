package com.posthog.aigateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Reading;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Messages: usage begins in `message_start` and is overwritten, member by member, by each `message_delta`.
final class MessagesTap implements Tap {

    private static final Set<String> MESSAGE = Set.of("id", "model", "usage", "stop_reason", "error");
    private static final Set<String> DELTA = Set.of("delta", "usage");

    private final Notes notes = new Notes();
    private final ObjectNode usage = JsonNodeFactory.instance.objectNode();
    private boolean counted;

    @Override
    public void event(SseFramer event) {
        var name = event.name();
        var type = name != null
                ? name
                : Picked.from(event.data(), event.dataLength(), Set.of("type")).text("type");
        switch (type == null ? "" : type) {
            case "ping" -> {}
            case "message_start" -> start(Picked.within("message", event.data(), event.dataLength(), MESSAGE));
            case "message_delta" -> change(Picked.from(event.data(), event.dataLength(), DELTA));
            case "message_stop" -> notes.finished = true;
            case "error" -> fail(Picked.from(event.data(), event.dataLength(), MESSAGE));
            case "content_block_delta" -> content(event);
            default -> notes.content = true;
        }
    }

    private void start(Picked message) {
        notes.identify(message);
        overwrite(message.node("usage"));
        notes.begun = AnthropicUsage.of(usage);
    }

    private void change(Picked delta) {
        notes.content = true;
        notes.stopReason = Notes.latest(Picked.text(delta.node("delta").path("stop_reason")), notes.stopReason);
        overwrite(delta.node("usage"));
        counted |= delta.node("usage").has("output_tokens");
    }

    private void content(SseFramer event) {
        notes.content = true;
        notes.text(Skim.of(event.data(), event.dataLength()).textBytes());
    }

    private void fail(Picked error) {
        notes.finished = true;
        notes.fail(error.node("error"));
    }

    @Override
    public void whole(byte[] json) {
        var message = Picked.from(json, json.length, MESSAGE);
        notes.identify(message);
        notes.fail(message.node("error"));
        notes.stopReason = message.text("stop_reason");
        overwrite(message.node("usage"));
        counted = true;
        notes.finished = !message.members().isEmpty();
    }

    private void overwrite(JsonNode reported) {
        reported.properties().forEach(member -> {
            if (!member.getValue().isNull()) {
                usage.set(member.getKey(), member.getValue());
            }
        });
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

    /// Usage counts as final only when the message's end was reported, and its output with it:
    /// `message_start` knows one output token at most.
    @Override
    public Reading reading() {
        boolean ended = notes.finished && notes.error == null;
        notes.usage = counted && (notes.stopReason != null || ended) ? AnthropicUsage.of(usage) : null;
        return notes.reading();
    }
}
