package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Hangup;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.CloseConnectionException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Looks after one connection: whether its caller leaves while a call is being answered, sends too slowly, or takes
/// nothing of an answer. Helidon does not look at a connection during a call; so somebody else reads on it in the
/// meantime, and what comes is kept for the next request, up to a bound.
final class Watch {

    /// What was to come did not come in time.
    static final class Late extends Exception {}

    private static final long PATIENCE_NANOS = 250_000_000;
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int MOST_AHEAD = 64 << 10;
    private static final long NEVER = 0;

    private final HelidonSocket socket;
    private final long unreadNanos;
    private @Nullable Hangup call;
    private long since;
    private int held;
    private volatile long closesAt = NEVER;
    private volatile long writesSince = NEVER;

    /// What was read ahead, in order; only the last read may still be under way.
    private final Deque<CompletableFuture<byte @Nullable []>> ahead = new ArrayDeque<>();

    /// @param unread how long a caller may take nothing of an answer
    Watch(HelidonSocket socket, Duration unread) {
        this.socket = socket;
        this.unreadNanos = unread.toNanos();
    }

    /// A call is being answered from now on; its body has been read.
    synchronized void begin(Hangup call) {
        this.call = call;
        since = System.nanoTime();
    }

    synchronized void end() {
        call = null;
    }

    /// The connection is closed when that time is over, unless it is told otherwise before.
    void closeAfter(Duration time) {
        closesAt = System.nanoTime() + time.toNanos();
    }

    void keepOpen() {
        closesAt = NEVER;
    }

    /// A piece of an answer is being sent: the caller must take it in time.
    void sends() {
        writesSince = System.nanoTime();
    }

    void hasSent() {
        writesSince = NEVER;
    }

    /// Reads and forgets what the caller still sends, for a moment.
    void linger() {
        closeAfter(LINGER);
        try {
            while (read() != null) {
                // Forgotten.
            }
        } catch (CloseConnectionException closed) {
            // By the caller, or by us when the moment was over.
        }
    }

    /// Closes what is due, and starts to read ahead when a call takes long. Only one read is ever under way.
    void look(long now) {
        long closesAt = this.closesAt;
        long writesSince = this.writesSince;
        if (closesAt != NEVER && now - closesAt > 0) {
            socket.close();
        } else if (writesSince != NEVER && now - writesSince > unreadNanos) {
            callerLeft();
            socket.close();
        } else {
            readAheadIfLong(now);
        }
    }

    private synchronized void readAheadIfLong(long now) {
        if (call != null && held < MOST_AHEAD && now - since >= PATIENCE_NANOS && !isReadingOrAtEnd()) {
            var _ = readAhead();
        }
    }

    private synchronized CompletableFuture<byte @Nullable []> readAhead() {
        var read = new CompletableFuture<byte @Nullable []>();
        ahead.addLast(read);
        Thread.ofVirtual().name("watch").start(() -> readInto(read));
        return read;
    }

    private boolean isReadingOrAtEnd() {
        var last = ahead.peekLast();
        return last != null && (!last.isDone() || last.isCompletedExceptionally() || last.join() == null);
    }

    private void readInto(CompletableFuture<byte @Nullable []> read) {
        byte[] bytes = null;
        try {
            bytes = socket.get();
            hold(bytes == null ? 0 : bytes.length);
            read.complete(bytes);
        } catch (RuntimeException broken) {
            read.completeExceptionally(broken);
        }
        if (bytes == null) {
            callerLeft();
        }
    }

    private synchronized void hold(int bytes) {
        held += bytes;
    }

    private void callerLeft() {
        Hangup left;
        synchronized (this) {
            left = call;
        }
        if (left != null) {
            left.happen();
        }
    }

    /// The connection's next bytes; null at its end.
    byte @Nullable [] read() {
        CompletableFuture<byte @Nullable []> first;
        synchronized (this) {
            first = ahead.peekFirst();
        }
        try {
            return first == null ? socket.get() : taken(first, Long.MAX_VALUE);
        } catch (Late never) {
            throw new IllegalStateException("no time was set", never);
        } catch (UncheckedIOException broken) {
            throw closed(broken);
        }
    }

    /// The connection's next bytes, if they come in time; null at its end.
    ///
    /// @param due by the clock of [System#nanoTime]
    byte @Nullable [] read(long due) throws Late {
        CompletableFuture<byte @Nullable []> first;
        synchronized (this) {
            first = ahead.isEmpty() ? readAhead() : ahead.peekFirst();
        }
        return taken(first, due - System.nanoTime());
    }

    private byte @Nullable [] taken(CompletableFuture<byte @Nullable []> first, long nanos) throws Late {
        try {
            var bytes = first.get(nanos, TimeUnit.NANOSECONDS);
            synchronized (this) {
                ahead.pollFirst();
                held -= bytes == null ? 0 : bytes.length;
            }
            return bytes;
        } catch (TimeoutException late) {
            throw new Late();
        } catch (ExecutionException broken) {
            throw closed(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw closed(stopped);
        }
    }

    private static CloseConnectionException closed(Exception why) {
        return new CloseConnectionException("the connection was closed or broke", why);
    }
}
