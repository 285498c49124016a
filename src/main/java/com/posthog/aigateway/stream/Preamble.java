package com.posthog.aigateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Shape;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells what a stream says before it says anything: that a message begins, that it waits, who speaks.
final class Preamble implements Ahead.Until {

    private static final Set<String> CHUNK = Set.of("error", "choices", "usage");

    private final Shape shape;
    private final SseFramer framer = new SseFramer();
    private boolean over;
    private byte @Nullable [] error;

    Preamble(Shape shape) {
        this.shape = shape;
    }

    @Override
    public boolean isEnough(byte[] bytes, int from, int to) {
        int at = from;
        while (!over && at < to) {
            at = framer.next(bytes, at, to);
            if (framer.closed() && framer.hasData()) {
                see();
            }
        }
        return over;
    }

    /// True when something has come that is no preamble.
    boolean isOver() {
        return over;
    }

    /// The data of the error that came first; null where something else did.
    byte @Nullable [] error() {
        return error;
    }

    private void see() {
        switch (shape) {
            case ANTHROPIC_MESSAGES -> {
                switch (type()) {
                    case "message_start", "ping" -> {}
                    case "error" -> fail();
                    default -> over = true;
                }
            }
            case OPENAI_RESPONSES -> {
                switch (type()) {
                    case "response.created", "response.in_progress", "response.queued" -> {}
                    case "error", "response.failed" -> fail();
                    default -> over = true;
                }
            }
            case OPENAI_CHAT -> chat();
            case OPENAI_EMBEDDINGS -> over = true;
        }
    }

    private String type() {
        var name = framer.name();
        var type = name != null
                ? name
                : Picked.from(framer.data(), framer.dataLength(), Set.of("type"))
                        .text("type");
        return type == null ? "" : type;
    }

    private void fail() {
        over = true;
        error = Arrays.copyOf(framer.data(), framer.dataLength());
    }

    private void chat() {
        if (ChatTap.isDone(framer.data(), framer.dataLength())) {
            over = true;
            return;
        }
        var chunk = Picked.from(framer.data(), framer.dataLength(), CHUNK);
        var failure = chunk.node("error");
        if (failure.isObject() || failure.isTextual()) {
            fail();
        } else {
            over = chunk.node("usage").isObject() || saysSomething(chunk.node("choices"));
        }
    }

    private static boolean saysSomething(JsonNode choices) {
        for (var choice : choices) {
            if (choice.path("finish_reason").isTextual()) {
                return true;
            }
            for (var member : choice.path("delta").properties()) {
                if (!member.getKey().equals("role") && !isNothing(member.getValue())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isNothing(JsonNode value) {
        return value.isNull() || (value.isTextual() && value.textValue().isEmpty());
    }
}
