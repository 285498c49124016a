package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Shape;
import org.jspecify.annotations.Nullable;

/// Reads usage, model and endings off a copy of one answer, as it passes.
sealed interface Tap permits ChatTap, ResponsesTap, MessagesTap, EmbeddingsTap {

    static Tap of(Shape shape) {
        return switch (shape) {
            case OPENAI_CHAT -> new ChatTap();
            case OPENAI_RESPONSES -> new ResponsesTap();
            case ANTHROPIC_MESSAGES -> new MessagesTap();
            case OPENAI_EMBEDDINGS -> new EmbeddingsTap();
        };
    }

    /// One event of a streamed answer.
    void event(SseFramer event);

    /// A whole answer that is not streamed.
    void whole(byte[] json);

    /// The provider's name for the answer; null as long as none was seen.
    @Nullable
    String id();

    /// True when the last event carries nothing but usage.
    boolean onlyUsage();

    /// True once something that is not preamble has passed.
    boolean hasContent();

    /// What was gathered so far.
    Notes notes();

    Reading reading();
}
