package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Hangup;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.HelidonSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Notices that the caller of a connection leaves while its call is being answered. Helidon does not look at the
/// connection then; so somebody else reads on it in the meantime, and what comes is kept for the next request, up to a
/// bound.
final class Watch implements Supplier<byte[]> {

    /// The watch of the connection that this thread serves. Helidon gives no other way from a request to its
    /// connection.
    static final ScopedValue<Watch> CURRENT = ScopedValue.newInstance();

    private static final long PATIENCE_NANOS = 250_000_000;
    private static final long LINGER_NANOS = 1_000_000_000;
    private static final int MOST_AHEAD = 64 << 10;

    private final HelidonSocket socket;
    private final WatchTower tower;
    private @Nullable Hangup call;
    private long since;
    private long lingersUntil;
    private int held;

    /// What was read ahead, in order; only the last read may still be under way.
    private final Deque<CompletableFuture<byte @Nullable []>> ahead = new ArrayDeque<>();

    Watch(HelidonSocket socket, WatchTower tower) {
        this.socket = socket;
        this.tower = tower;
    }

    /// A call is being answered from now on; its body has been read.
    synchronized void begin(Hangup call) {
        this.call = call;
        since = System.nanoTime();
        tower.add(this);
    }

    synchronized void end() {
        call = null;
        tower.remove(this);
    }

    /// Reads and forgets what the caller still sends, for a moment.
    void linger() {
        synchronized (this) {
            lingersUntil = System.nanoTime() + LINGER_NANOS;
            tower.add(this);
        }
        try {
            while (get() != null) {
                // Forgotten.
            }
        } catch (RuntimeException closed) {
            // By the caller, or by us when the moment was over.
        } finally {
            end();
        }
    }

    /// Starts to read ahead when the call takes long. Only one read is ever under way.
    synchronized void look(long now) {
        if (lingersUntil != 0 && now - lingersUntil > 0) {
            socket.close();
            return;
        }
        if (call == null || held >= MOST_AHEAD || now - since < PATIENCE_NANOS || isReadingOrAtEnd()) {
            return;
        }
        var read = new CompletableFuture<byte @Nullable []>();
        ahead.addLast(read);
        Thread.ofVirtual().name("watch").start(() -> readAhead(read));
    }

    private boolean isReadingOrAtEnd() {
        var last = ahead.peekLast();
        return last != null && (!last.isDone() || last.isCompletedExceptionally() || last.join() == null);
    }

    private void readAhead(CompletableFuture<byte @Nullable []> read) {
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
    @Override
    public byte[] get() {
        CompletableFuture<byte @Nullable []> read;
        synchronized (this) {
            read = ahead.pollFirst();
        }
        if (read == null) {
            return socket.get();
        }
        try {
            var bytes = read.join();
            hold(bytes == null ? 0 : -bytes.length);
            return bytes;
        } catch (CompletionException broken) {
            throw broken.getCause() instanceof RuntimeException cause ? cause : broken;
        }
    }

    DataReader reader() {
        return DataReader.create(this);
    }
}
