package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.Shape;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// The window before content: holds the beginning of an answer back until it is known that there will be one.
/// As long as nothing of it has gone out, another target can answer in its place, and the caller sees one
/// answer.
public final class Opening {

    private static final int MOST = 64 << 10;

    /// What was seen. The reply reads from its first byte on, as if nobody had looked.
    public sealed interface Seen {

        Reply reply();

        /// It has content, is over, or is silent for so long that it must pass.
        record Begun(Reply reply) implements Seen {}

        /// An error event came first.
        ///
        /// @param event its JSON
        record Failed(Reply reply, byte[] event) implements Seen {}

        /// It broke off, or ended, before it said anything; one that is not streamed, before its end.
        record Broke(Reply reply, Reply.Broken.How how) implements Seen {}
    }

    private final Room room;

    /// @param room for answers that are not streamed: without it they pass unseen
    public Opening(Room room) {
        this.room = room;
    }

    /// Reads ahead until it is known what the answer is.
    ///
    /// @param patience how long the preamble of a stream is held back
    /// @param worthWaiting asked once, where a stream has begun and says nothing yet: false where nobody could
    /// answer in its place
    public Seen look(Reply reply, Shape shape, Duration patience, BooleanSupplier worthWaiting) {
        return Relay.isEventStream(reply.headers()) ? stream(reply, shape, patience, worthWaiting) : whole(reply);
    }

    private Seen stream(Reply reply, Shape shape, Duration patience, BooleanSupplier worthWaiting) {
        var preamble = new Preamble(shape);
        var ahead = Ahead.of(reply, MOST, patience, preamble, worthWaiting);
        var error = preamble.error();
        if (error != null) {
            return new Seen.Failed(ahead, error);
        }
        if (preamble.isOver()) {
            return new Seen.Begun(ahead);
        }
        var broken = ahead.broken();
        if (broken != null || ahead.isWhole()) {
            return new Seen.Broke(ahead, broken == null ? Reply.Broken.How.CUT_OFF : broken.how());
        }
        return new Seen.Begun(ahead);
    }

    private Seen whole(Reply reply) {
        var held = HeldReply.of(reply, room);
        var broken = held.broken();
        return broken == null ? new Seen.Begun(held) : new Seen.Broke(held, broken.how());
    }
}
