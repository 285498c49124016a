package com.posthog.aigateway.wire;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.jspecify.annotations.Nullable;

/// One request and its answer on one connection: knows what it waits for, and can be broken off by any thread.
final class Exchange implements Reply {

    /// The exchange that reads on this thread. The library gives no other way from a socket to its request.
    static final ScopedValue<Exchange> CURRENT = ScopedValue.newInstance();

    private static final long NEVER = Long.MAX_VALUE;
    private static final long STUCK_NANOS = 50_000_000;

    private enum Phase {
        CONNECTING,
        SENDING,
        BODY
    }

    private final HttpUriRequestBase request;
    private final Patience patience;
    private final Deadlines deadlines;
    private final long wholeUntil;
    private final AtomicReference<Broken.@Nullable How> stopped = new AtomicReference<>();

    private volatile long waitsUntil;
    private volatile long writesSince = NEVER;
    private volatile Phase phase = Phase.CONNECTING;
    private volatile boolean early;
    private @Nullable HttpClientConnection uploading;
    private @Nullable FlushSocket socket;
    private boolean tunnelled;
    private boolean reused;
    private boolean answered;
    private boolean ended;
    private @Nullable ClassicHttpResponse response;
    private @Nullable InputStream in;
    private @Nullable Runnable beforeWaiting;

    Exchange(HttpUriRequestBase request, Patience patience, Deadlines deadlines) {
        this.request = request;
        this.patience = patience;
        this.deadlines = deadlines;
        long now = System.nanoTime();
        this.waitsUntil = now + patience.head().toNanos();
        this.wholeUntil =
                patience.whole() == null ? NEVER : now + patience.whole().toNanos();
        deadlines.watch(this);
    }

    /// The connection is new, though a proxy was asked on it.
    void tunnels() {
        tunnelled = true;
    }

    /// From here on what is read is the answer, or a question whether one has come early.
    void sends(HttpClientConnection connection) {
        reused = !tunnelled && connection.getEndpointDetails().getRequestCount() > 0;
        phase = Phase.SENDING;
        synchronized (this) {
            uploading = connection;
        }
    }

    /// The body is out: only the thread that sent it reads from now on.
    synchronized void uploaded() {
        uploading = null;
    }

    /// True when the answer has begun to come before the body was sent: no one wants the rest of it. Asked between two
    /// pieces by the thread that sends, and by [Deadlines] while that thread is stuck.
    synchronized boolean answersEarly() {
        try {
            early |= uploading != null && uploading.isDataAvailable(Guard.AT_ONCE);
        } catch (IOException broken) {
            // Whoever sends or reads next will be told.
        }
        return early;
    }

    /// What is still to be written goes nowhere, and the connection is of no use for another request.
    boolean answeredEarly() {
        return early;
    }

    /// The thread is about to write to the network, where it may get stuck.
    void writes(FlushSocket socket) {
        this.socket = socket;
        writesSince = System.nanoTime();
    }

    void wrote() {
        writesSince = NEVER;
    }

    /// Frees a thread that is stuck in sending what no one reads any more. One way of the connection is ended for that;
    /// the other still brings the answer.
    void freeIfStuck(long now) {
        var socket = this.socket;
        if (socket != null && writesSince != NEVER && now - writesSince > STUCK_NANOS && answersEarly()) {
            socket.endOutput();
        }
    }

    boolean wasReused() {
        return reused;
    }

    HttpUriRequestBase request() {
        return request;
    }

    boolean isSending() {
        return phase == Phase.SENDING;
    }

    /// True when a pooled connection was closed before it brought a byte.
    boolean closedWhileIdle() {
        return reused && !answered && !early;
    }

    boolean wasSent() {
        return phase != Phase.CONNECTING;
    }

    /// The thread is about to read from the network. It will not wait where something is there already: then what was
    /// read so far can go out together with that.
    void reads(InputStream network) throws IOException {
        if (phase == Phase.BODY) {
            if (beforeWaiting != null && network.available() == 0) {
                beforeWaiting.run();
            }
            waitsUntil = System.nanoTime() + patience.idle().toNanos();
        }
    }

    void waited(int read) {
        if (phase == Phase.BODY) {
            waitsUntil = NEVER;
        } else if (phase == Phase.SENDING) {
            answered |= read > 0;
        }
    }

    void opened(ClassicHttpResponse response) throws IOException {
        this.response = response;
        phase = Phase.BODY;
        waitsUntil = NEVER;
        HttpEntity entity = response.getEntity();
        in = entity == null ? null : entity.getContent();
    }

    void breakOffIfDue(long now) {
        if (waitsUntil != NEVER && now - waitsUntil > 0) {
            breakOff(Broken.How.IDLE);
        } else if (wholeUntil != NEVER && now - wholeUntil > 0) {
            breakOff(Broken.How.TOO_LONG);
        }
    }

    /// Resets the connection; whoever reads on it is woken. The first reason counts.
    void breakOff(Broken.How how) {
        if (stopped.compareAndSet(null, how)) {
            request.cancel();
        }
    }

    Broken.@Nullable How stopped() {
        return stopped.get();
    }

    @Override
    public int status() {
        return head().getCode();
    }

    @Override
    public Headers headers() {
        var fields = new ArrayList<Headers.Field>();
        for (var header : head().getHeaders()) {
            fields.add(new Headers.Field(header.getName(), header.getValue() == null ? "" : header.getValue()));
        }
        return new Headers(fields);
    }

    @Override
    public long length() {
        var entity = head().getEntity();
        return entity == null ? 0 : entity.getContentLength();
    }

    @Override
    public int read(byte[] buffer, int offset, Runnable beforeWaiting) throws Broken {
        var in = this.in;
        if (in == null || ended) {
            ended = true;
            return -1;
        }
        this.beforeWaiting = beforeWaiting;
        try {
            int read = ScopedValue.where(CURRENT, this).call(() -> in.read(buffer, offset, buffer.length - offset));
            ended = read < 0;
            return read;
        } catch (IOException e) {
            var how = stopped.get();
            throw new Broken(
                    how == null ? Broken.How.CUT_OFF : how, e.getClass().getSimpleName());
        } finally {
            this.beforeWaiting = null;
        }
    }

    @Override
    public void close() {
        deadlines.forget(this);
        if (!ended && in != null) {
            // close() would read the rest first: without end for a stream.
            breakOff(Broken.How.CANCELLED);
        }
        try {
            if (response != null) {
                response.close();
            }
        } catch (IOException broken) {
            request.cancel();
        }
    }

    private ClassicHttpResponse head() {
        if (response == null) {
            throw new IllegalStateException("the answer has no head yet");
        }
        return response;
    }
}
