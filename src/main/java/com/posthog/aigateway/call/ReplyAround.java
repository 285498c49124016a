package com.posthog.aigateway.call;

/// An answer that is another one but for what is overridden.
public abstract class ReplyAround implements Reply {

    protected final Reply reply;

    protected ReplyAround(Reply reply) {
        this.reply = reply;
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
        return reply.read(buffer, offset, beforeWaiting);
    }

    @Override
    public void close() {
        reply.close();
    }
}
