package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.call.Usage;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Knows at any moment how a stream would end legally, as if its provider's own limit of output were reached.
///
/// Before the answer has begun there is no such end, as nothing tells its id and model: then it is an error event.
/// After the provider's own last event, or its error, nothing is to be added.
sealed interface LegalEnd permits ChatEnd, MessagesEnd, ResponsesEnd {

    byte[] NOTHING = {};

    /// Null for a shape that is not streamed.
    ///
    /// @param usageWanted chat only: the caller asked for the usage chunk
    /// @param choices chat only: how many answers the caller asked for, `n`
    static @Nullable LegalEnd of(Shape shape, UUID call, boolean usageWanted, int choices) {
        return switch (shape) {
            case OPENAI_CHAT -> new ChatEnd(call, usageWanted, choices);
            case OPENAI_RESPONSES -> new ResponsesEnd(call);
            case ANTHROPIC_MESSAGES -> new MessagesEnd(call);
            case OPENAI_EMBEDDINGS -> null;
        };
    }

    /// One event that has gone out to the caller. What was taken out of the stream is not to be told.
    void event(SseFramer event);

    /// The bytes that end the stream now, behind the events seen so far. Changes nothing: it can be asked again.
    ///
    /// @param usage the best estimate of what was used so far
    byte[] bytes(Usage usage);

    static byte[] beforeTheBegin(Shape shape, UUID call) {
        return NativeError.event(
                shape,
                Reason.BUDGET,
                "the budget was reached before the answer began; wait for its next window, or ask for a higher limit",
                call);
    }

    static byte[] utf8(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
