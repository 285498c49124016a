package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Reply;
import java.util.Arrays;

/// An answer that is read whole before it goes out, as long as it is small and there is room.
final class HeldAnswer implements AutoCloseable {

    private static final int LARGEST = 4 << 20;
    private static final int SMALLEST = 8 << 10;

    private final Room room;
    private byte[] bytes;
    private int length;
    private long taken;

    HeldAnswer(Room room, long expected) {
        this.room = room;
        this.bytes = new byte[expected < 0 ? SMALLEST : Math.clamp(expected + 1, 1, SMALLEST)];
        this.taken = room.take(bytes.length) ? bytes.length : 0;
    }

    /// Reads to the end; false when the answer is too large to hold, or there is no room: then the rest is still to
    /// come.
    boolean readWhole(Reply reply) throws Reply.Broken {
        while (taken > 0) {
            if (length == bytes.length && !grow()) {
                return false;
            }
            int count = reply.read(bytes, length, () -> {});
            if (count < 0) {
                return true;
            }
            length += count;
        }
        return false;
    }

    private boolean grow() {
        if (bytes.length >= LARGEST || !room.take(bytes.length)) {
            return false;
        }
        taken += bytes.length;
        bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        return true;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public void close() {
        room.giveBack(taken);
        taken = 0;
    }
}
