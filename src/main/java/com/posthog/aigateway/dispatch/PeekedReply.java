package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An answer whose beginning was read already; it reads as if nobody had.
final class PeekedReply implements Reply {

    private static final int MOST = 64 << 10;

    private final Reply reply;
    private final byte[] beginning;
    private final @Nullable Broken broken;
    private int at;

    private PeekedReply(Reply reply, byte[] beginning, @Nullable Broken broken) {
        this.reply = reply;
        this.beginning = beginning;
        this.broken = broken;
    }

    /// Reads to the end, or to where more than an error's text has come.
    static PeekedReply of(Reply reply) {
        var bytes = new byte[MOST];
        int length = 0;
        try {
            int count = 0;
            while (length < MOST && (count = reply.read(bytes, length, () -> {})) >= 0) {
                length += count;
            }
            return new PeekedReply(reply, Arrays.copyOf(bytes, length), null);
        } catch (Broken broken) {
            return new PeekedReply(reply, Arrays.copyOf(bytes, length), broken);
        }
    }

    byte[] beginning() {
        return beginning;
    }

    @Override
    public int status() {
        return reply.status();
    }

    @Override
    public Headers headers() {
        return reply.headers();
    }

    @Override
    public long length() {
        return reply.length();
    }

    @Override
    public int read(byte[] buffer, int offset, Runnable beforeWaiting) throws Broken {
        if (at < beginning.length) {
            int count = Math.min(buffer.length - offset, beginning.length - at);
            System.arraycopy(beginning, at, buffer, offset, count);
            at += count;
            return count;
        }
        if (broken != null) {
            throw broken;
        }
        return reply.read(buffer, offset, beforeWaiting);
    }

    @Override
    public void close() {
        reply.close();
    }
}
