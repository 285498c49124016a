package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.ReplyWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The events of one streamed answer on their way: they go on as they came, byte for byte, as soon as they are whole,
/// and the tap sees each. Only the usage chunk that we asked for, and the caller did not, is taken out.
final class EventFlow {

    /// Most streams that are open say little at a time.
    private static final int START = 2 << 10;
    private static final int WORTH_A_WRITE = 16 << 10;
    private static final int LARGEST_HELD = 1 << 20;

    private final ReplyWriter out;
    private final Tap tap;
    private final Relay.Passage passage;
    private final GrowingBytes kept;
    private final Clock clock;
    private final @Nullable Standby standby;
    private final SseFramer framer = new SseFramer();
    private byte[] buffer = new byte[START];
    private int sent;
    private int whole;
    private int end;
    private long taken;
    private boolean dropped;
    private boolean begun;
    private boolean identified;
    private boolean stopped;
    private @Nullable Instant firstContent;

    EventFlow(ReplyWriter out, Tap tap, Relay.Passage passage, GrowingBytes kept, Clock clock) {
        this.out = out;
        this.tap = tap;
        this.passage = passage;
        this.kept = kept;
        this.clock = clock;
        this.standby = Standby.of(passage, kept);
    }

    /// Where the next bytes are to be read to: from [#end] on.
    byte[] buffer() {
        return buffer;
    }

    int end() {
        return end;
    }

    @Nullable
    Instant firstContent() {
        return firstContent;
    }

    /// Bytes have been read into the buffer.
    void took(int count) {
        if (standby != null) {
            standby.keeps(count);
        }
        kept.add(buffer, end, end + count);
        taken += count;
        int at = end;
        end += count;
        while (at < end) {
            int next = framer.next(buffer, at, end);
            if (framer.closed()) {
                see();
                at = pass(next, passage.dropsExtraUsage() && framer.hasData() && tap.onlyUsage());
                if (standby != null && framer.hasData() && !standby.passed(framer, dropped, tap.notes(), this::flush)) {
                    stop(at);
                    return;
                }
            } else if (framer.tail()) {
                at = pass(next, dropped);
            } else {
                at = next;
            }
        }
        makeRoom();
    }

    /// True when the stream has been ended here, before its provider did.
    boolean stopped() {
        return stopped;
    }

    /// What comes behind `at` is not passed on.
    private void stop(int at) {
        kept.shorten(taken - (end - at));
        end = at;
        whole = at;
        stopped = true;
        flush();
    }

    /// Why it was stopped.
    String why() {
        return standby == null ? "" : standby.why();
    }

    /// Ends the stream as its provider does at the limit of output.
    void endLegally() {
        if (standby != null) {
            var last = standby.end(tap);
            kept.add(last, 0, last.length);
            out.write(last, 0, last.length);
        }
    }

    /// What is whole goes out, in one piece. Runs before the thread waits for more.
    void flush() {
        if (whole > sent) {
            out.write(buffer, sent, whole - sent);
            sent = whole;
        } else {
            out.flush();
        }
    }

    /// The provider has ended: an event that lacks only its blank line counts, a torn one does not.
    void finish() {
        framer.finish();
        if (Picked.isWhole(framer.data(), framer.dataLength())) {
            see();
        }
        if (tap.reading().finished()) {
            whole = end;
        }
        flush();
    }

    /// True when the beginning of an event is out, and its end has not come.
    boolean endsInsideEvent() {
        return begun;
    }

    private void see() {
        if (!framer.hasData()) {
            return;
        }
        tap.event(framer);
        if (!identified && tap.id() != null) {
            identified = true;
            passage.identified().accept(tap.id());
        }
        if (firstContent == null && tap.hasContent()) {
            firstContent = clock.instant();
        }
    }

    /// The event from `whole` to `next` is to go on, or not; returns where the bytes behind it are.
    private int pass(int next, boolean drop) {
        // Half of an event is out already: then the other half must follow.
        dropped = drop && !begun;
        begun = false;
        if (dropped) {
            System.arraycopy(buffer, next, buffer, whole, end - next);
            end -= next - whole;
        } else {
            whole = next;
        }
        return whole;
    }

    private void makeRoom() {
        if (end < buffer.length) {
            return;
        }
        if (buffer.length < WORTH_A_WRITE) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            return;
        }
        flush();
        if (sent == 0 && buffer.length < LARGEST_HELD) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        } else if (sent == 0) {
            // An event beyond all measure goes on in pieces.
            out.write(buffer, 0, end);
            whole = 0;
            end = 0;
            begun = true;
        } else {
            System.arraycopy(buffer, sent, buffer, 0, end - sent);
            end -= sent;
            whole -= sent;
            sent = 0;
        }
    }
}
