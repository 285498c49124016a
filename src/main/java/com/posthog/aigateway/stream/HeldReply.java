package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.ReplyAround;
import org.jspecify.annotations.Nullable;

/// An answer that was read whole, or as far as there was room, before its reader asked for it.
final class HeldReply extends ReplyAround {

    private final HeldAnswer held;
    private final boolean whole;
    private final @Nullable Broken broken;
    private int given;

    private HeldReply(Reply reply, HeldAnswer held, boolean whole, @Nullable Broken broken) {
        super(reply);
        this.held = held;
        this.whole = whole;
        this.broken = broken;
    }

    static HeldReply of(Reply reply, Room room) {
        var held = new HeldAnswer(room, reply.length());
        try {
            return new HeldReply(reply, held, held.readWhole(reply), null);
        } catch (Broken e) {
            return new HeldReply(reply, held, false, e);
        }
    }

    @Nullable
    Broken broken() {
        return broken;
    }

    @Override
    public int read(byte[] buffer, int offset, Runnable beforeWaiting) throws Broken {
        int count = Math.min(buffer.length - offset, held.length() - given);
        if (count > 0) {
            System.arraycopy(held.bytes(), given, buffer, offset, count);
            given += count;
            return count;
        }
        held.close();
        if (broken != null) {
            throw broken;
        }
        return whole ? -1 : reply.read(buffer, offset, beforeWaiting);
    }

    @Override
    public void close() {
        held.close();
        reply.close();
    }
}
