package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An answer that arrives in pieces, and ends or breaks.
final class FakeReply implements Reply {

    private final int status;
    private final Headers headers;
    private final byte[] body;
    private final int[] cuts;
    private long length = -1;
    private @Nullable Broken broken;
    private Runnable atEnd = () -> {};
    private int at;
    private int nextCut;

    private FakeReply(int status, String type, byte[] body, int... cuts) {
        this.status = status;
        this.headers = Headers.of("Content-Type", type, "request-id", "r1", "Set-Cookie", "secret");
        this.body = body;
        this.cuts = Arrays.stream(cuts).sorted().toArray();
    }

    static FakeReply stream(byte[] body, int... cuts) {
        return new FakeReply(200, "Text/Event-Stream; charset=utf-8", body, cuts);
    }

    static FakeReply json(int status, byte[] body, int... cuts) {
        return new FakeReply(status, "application/json", body, cuts);
    }

    static FakeReply errorStream(int status, byte[] body) {
        return new FakeReply(status, "text/event-stream", body);
    }

    FakeReply thenBroken(Broken.How how) {
        broken = new Broken(how, "fake");
        return this;
    }

    /// What happens before the end is told.
    FakeReply atEnd(Runnable atEnd) {
        this.atEnd = atEnd;
        return this;
    }

    FakeReply counted() {
        length = body.length;
        return this;
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
        return length;
    }

    @Override
    public int read(byte[] buffer, int offset, Runnable beforeWaiting) throws Broken {
        beforeWaiting.run();
        if (at == body.length) {
            atEnd.run();
            if (broken != null) {
                throw broken;
            }
            return -1;
        }
        while (nextCut < cuts.length && cuts[nextCut] <= at) {
            nextCut++;
        }
        int until = nextCut < cuts.length ? Math.min(cuts[nextCut], body.length) : body.length;
        int count = Math.min(until - at, buffer.length - offset);
        System.arraycopy(body, at, buffer, offset, count);
        at += count;
        return count;
    }

    @Override
    public void close() {}
}
