package com.posthog.aigateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Reading;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Chat completions: chunks without names, the last one `[DONE]`; usage on a chunk of its own, not always the last.
final class ChatTap implements Tap {

    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};
    private static final Set<String> HEAD = Set.of("id", "model", "service_tier");
    private static final Set<String> CHUNK = Set.of("id", "model", "service_tier", "usage", "error", "choices");

    private final Notes notes = new Notes();
    private boolean onlyUsage;

    @Override
    public void event(SseFramer event) {
        onlyUsage = false;
        byte[] data = event.data();
        int length = event.dataLength();
        if (isDone(data, length)) {
            notes.finished = true;
            return;
        }
        var skim = Skim.of(data, length);
        notes.text(skim.textBytes());
        notes.content |= skim.hasToolCalls() || skim.finishReason() != null;
        notes.stopReason = Notes.latest(skim.finishReason(), notes.stopReason);
        if (skim.hasUsage() || skim.hasError()) {
            report(Picked.from(data, length, CHUNK));
        } else if (notes.model == null) {
            notes.identify(Picked.from(data, length, HEAD));
        }
    }

    private void report(Picked chunk) {
        notes.identify(chunk);
        notes.fail(chunk.node("error"));
        notes.finished |= notes.error != null;
        var usage = OpenAiUsage.ofChat(chunk.node("usage"), notes.serviceTier);
        if (chunk.node("usage").isObject()) {
            notes.usage = usage;
            onlyUsage = isEmptyList(chunk.node("choices"));
        }
    }

    private static boolean isEmptyList(JsonNode choices) {
        return choices.isArray() && choices.isEmpty();
    }

    static boolean isDone(byte[] data, int length) {
        return length >= DONE.length
                && Arrays.equals(data, 0, DONE.length, DONE, 0, DONE.length)
                && new String(data, DONE.length, length - DONE.length, StandardCharsets.UTF_8).isBlank();
    }

    @Override
    public void whole(byte[] json) {
        var answer = Picked.from(json, json.length, CHUNK);
        notes.identify(answer);
        notes.fail(answer.node("error"));
        notes.usage = OpenAiUsage.ofChat(answer.node("usage"), notes.serviceTier);
        notes.stopReason = Picked.text(answer.node("choices").path(0).path("finish_reason"));
        notes.finished = !answer.members().isEmpty();
    }

    @Override
    public @Nullable String id() {
        return notes.id;
    }

    @Override
    public boolean onlyUsage() {
        return onlyUsage;
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
