package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Hangup;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.HelidonSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Notices that the caller of a connection leaves while its call is being answered. Helidon does not look at the
/// connection then; so somebody else reads on it in the meantime, and what comes is kept for the next request.
final class Watch implements Supplier<byte[]> {

    /// The watch of the connection that this thread serves. Helidon gives no other way from a request to its
    /// connection.
    static final ScopedValue<Watch> CURRENT = ScopedValue.newInstance();

    private static final long PATIENCE_NANOS = 250_000_000;
    private static final long LINGER_NANOS = 1_000_000_000;

    private final HelidonSocket socket;
    private final WatchTower tower;
    private @Nullable Hangup call;
    private long since;
    private long lingersUntil;
    private @Nullable CompletableFuture<byte @Nullable []> ahead;

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
        if (call == null || ahead != null || now - since < PATIENCE_NANOS) {
            return;
        }
        var read = new CompletableFuture<byte @Nullable []>();
        ahead = read;
        Thread.ofVirtual().name("watch").start(() -> readAhead(read));
    }

    private void readAhead(CompletableFuture<byte @Nullable []> read) {
        byte[] bytes = null;
        try {
            bytes = socket.get();
            read.complete(bytes);
        } catch (RuntimeException broken) {
            read.completeExceptionally(broken);
        }
        if (bytes == null) {
            callerLeft();
        }
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
            read = ahead;
            ahead = null;
        }
        try {
            return read == null ? socket.get() : read.join();
        } catch (CompletionException broken) {
            throw broken.getCause() instanceof RuntimeException cause ? cause : broken;
        }
    }

    DataReader reader() {
        return DataReader.create(this);
    }
}
