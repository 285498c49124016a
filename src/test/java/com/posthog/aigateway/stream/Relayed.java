package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Delivered;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.Shape;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

/// One answer carried through the relay, and what became of it.
record Relayed(Delivered delivered, RecordingWriter out) {

    static final UUID CALL = new UUID(1, 2);
    static final long ENOUGH = 64 << 20;

    static Relayed of(Shape shape, Reply reply) {
        return of(shape, reply, false, new RecordingWriter(), new Room(ENOUGH));
    }

    static Relayed of(Shape shape, Reply reply, RecordingWriter out) {
        return of(shape, reply, false, out, new Room(ENOUGH));
    }

    static Relayed droppingUsage(Reply reply) {
        return of(Shape.OPENAI_CHAT, reply, true, new RecordingWriter(), new Room(ENOUGH));
    }

    static Relayed of(Shape shape, Reply reply, boolean dropsExtraUsage, RecordingWriter out, Room room) {
        var relay = new Relay(room, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        var passage = new Relay.Passage(
                CALL,
                shape,
                Headers.of("x-posthog-provider", "p"),
                dropsExtraUsage,
                1,
                1 << 20,
                id -> {},
                null,
                reading -> reading.usage() == null ? null : "0.5");
        return new Relayed(relay.copy(reply, out, passage), out);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    String text() {
        return out.text();
    }
}
