package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Reading;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Embeddings: one answer, usage beside the vectors.
final class EmbeddingsTap implements Tap {

    private static final Set<String> ANSWER = Set.of("model", "usage", "error");

    private final Notes notes = new Notes();

    @Override
    public void event(SseFramer event) {
        // Never streamed.
    }

    @Override
    public void whole(byte[] json) {
        var answer = Picked.from(json, json.length, ANSWER);
        notes.identify(answer);
        notes.fail(answer.node("error"));
        notes.usage = OpenAiUsage.ofChat(answer.node("usage"), null);
        notes.finished = !answer.members().isEmpty();
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
        return false;
    }

    @Override
    public Reading reading() {
        return notes.reading();
    }
}
