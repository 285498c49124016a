package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.RequestException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What Helidon gets to read of a connection: heads that can be understood in one way only, and bodies that end where
/// their heads say. Helidon passes over what it should check in a chunked body, and would take what follows an
/// unreadable one for a request.
final class Framing implements Supplier<byte @Nullable []> {

    /// How long a caller may take.
    ///
    /// @param keepAlive until the next request begins
    record Patience(Duration keepAlive, Duration head, Duration body) {}

    /// What Helidon may read next.
    private enum Next {
        HEAD,
        COUNTED,
        CHUNKED,
        NOTHING
    }

    /// The framing of the connection that this thread serves. Helidon gives no other way from a request to its
    /// connection.
    static final ScopedValue<Framing> CURRENT = ScopedValue.newInstance();

    private final Watch watch;
    private final Patience patience;
    private final Pending pending = new Pending();
    private Next next = Next.HEAD;
    private boolean last;
    private long left;
    private Chunks chunks = new Chunks();
    private long bodyIsDue;

    Framing(Watch watch, Patience patience) {
        this.watch = watch;
        this.patience = patience;
    }

    DataReader reader() {
        return DataReader.create(this);
    }

    /// A call is being answered from now on; its body has been read.
    void begin(Hangup call) {
        watch.begin(call);
    }

    void end() {
        watch.end();
    }

    /// No request is read after this one.
    void endAfterThis() {
        last = true;
    }

    boolean endsAfterThis() {
        return last;
    }

    /// Waits a moment for what the caller may still be sending: closing at once would reset the connection, and the
    /// answer might be lost.
    void linger() {
        if (next != Next.HEAD) {
            watch.linger();
        }
    }

    /// The next bytes for Helidon; null at the end.
    @Override
    public byte @Nullable [] get() {
        return switch (next) {
            case HEAD -> last ? null : head();
            case COUNTED -> counted();
            case CHUNKED -> chunked();
            case NOTHING -> null;
        };
    }

    private byte @Nullable [] head() {
        watch.closeAfter(patience.keepAlive());
        if (pending.isEmpty() && !receive()) {
            return null;
        }
        watch.closeAfter(patience.head());
        var head = new RequestHead(pending);
        try {
            var message = head.read();
            while (message == null) {
                if (!receive()) {
                    return null;
                }
                message = head.read();
            }
            watch.keepOpen();
            return withBody(message);
        } catch (RequestException unreadable) {
            next = Next.NOTHING;
            watch.keepOpen();
            throw unreadable;
        }
    }

    /// A head and, where it is counted, as much of its body as has come: mostly all of it, and nothing else.
    private byte[] withBody(RequestHead.Message message) {
        last |= message.last();
        bodyIsDue = 0;
        if (message.body() == RequestHead.CHUNKED) {
            chunks = new Chunks();
            next = Next.CHUNKED;
            return pending.take(message.size());
        }
        long come = Math.min(message.body(), pending.size() - message.size());
        left = message.body() - come;
        next = left == 0 ? Next.HEAD : Next.COUNTED;
        return pending.take(message.size() + (int) come);
    }

    private byte @Nullable [] counted() {
        if (pending.isEmpty() && !receiveBody()) {
            return null;
        }
        int count = (int) Math.min(left, pending.size());
        left -= count;
        if (left == 0) {
            next = Next.HEAD;
        }
        return pending.take(count);
    }

    private byte @Nullable [] chunked() {
        try {
            while (true) {
                if (pending.isEmpty() && !receiveBody()) {
                    return null;
                }
                var chunk = chunks.read(pending);
                if (chunks.isAtEnd()) {
                    next = Next.HEAD;
                }
                if (chunk.length > 0) {
                    return chunk;
                }
            }
        } catch (Refusal unreadable) {
            next = Next.NOTHING;
            throw unreadable;
        }
    }

    private boolean receive() {
        return received(watch.read());
    }

    private boolean receiveBody() {
        if (bodyIsDue == 0) {
            bodyIsDue = System.nanoTime() + patience.body().toNanos();
        }
        try {
            return received(watch.read(bodyIsDue));
        } catch (Watch.Late late) {
            next = Next.NOTHING;
            throw new Refusal(
                    Reason.TOO_SLOW,
                    "the body did not come within " + patience.body().toSeconds() + " s; send it again");
        }
    }

    private boolean received(byte @Nullable [] bytes) {
        if (bytes == null) {
            return false;
        }
        pending.add(bytes);
        return true;
    }
}
