package com.posthog.aigateway.stream;

import org.jspecify.annotations.Nullable;

/// Stands by to end a stream where its money does. As long as all that came is kept for the event, it is read again
/// only
/// if the stream is cut; from there on, event by event as it passes.
final class Standby {

    private final Meter meter;
    private final LegalEnd legal;
    private final GrowingBytes kept;
    private boolean following;

    private Standby(Meter meter, LegalEnd legal, GrowingBytes kept) {
        this.meter = meter;
        this.legal = legal;
        this.kept = kept;
    }

    /// Null where the stream may go on to its end, whatever it costs.
    ///
    /// @param kept all bytes of the stream, as far as they are kept
    static @Nullable Standby of(Relay.Passage passage, GrowingBytes kept) {
        var meter = passage.meter();
        var legal = LegalEnd.of(passage.shape(), passage.call(), !passage.dropsExtraUsage(), passage.choices());
        return meter == null || legal == null ? null : new Standby(meter, legal, kept);
    }

    /// So many bytes are about to be kept: if they can be.
    void keeps(int count) {
        if (!following && kept.room() < count) {
            following = true;
            readKept();
        }
    }

    private void readKept() {
        var framer = new SseFramer();
        int at = 0;
        while (at < kept.length()) {
            at = framer.next(kept.array(), at, kept.length());
            if (framer.closed()) {
                legal.event(framer);
            }
        }
    }

    /// An event has passed. Returns false when nothing more may.
    ///
    /// @param beforeWaiting runs before the thread would wait for the money
    boolean passed(SseFramer event, boolean dropped, Notes notes, Runnable beforeWaiting) {
        if (following && !dropped) {
            legal.event(event);
        }
        return notes.finished || meter.passed(notes.output(), notes.begun, beforeWaiting);
    }

    String why() {
        return meter.why();
    }

    /// The bytes that end the stream behind what has passed, which is all that is kept.
    byte[] end(Tap tap) {
        if (!following) {
            readKept();
        }
        return legal.bytes(meter.used(tap.reading()));
    }
}
