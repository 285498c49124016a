package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;

/// A provider's answer in other words: its head and its body are made anew, its connection is the provider's.
final class Translated implements Reply {

    private final Reply reply;
    private final int status;
    private final Headers headers;
    private final Pieces body;
    private byte[] piece = new byte[0];
    private int at;

    Translated(Reply reply, int status, Headers headers, Pieces body) {
        this.reply = reply;
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public int read(byte[] buffer, int offset, Runnable beforeWaiting) throws Broken {
        while (at == piece.length) {
            var next = body.next(beforeWaiting);
            if (next == null) {
                return -1;
            }
            piece = next;
            at = 0;
        }
        int count = Math.min(buffer.length - offset, piece.length - at);
        System.arraycopy(piece, at, buffer, offset, count);
        at += count;
        return count;
    }

    @Override
    public void close() {
        reply.close();
    }
}
