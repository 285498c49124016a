package com.posthog.aigateway.mock;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The open connections by id, so that a silent answer can notice that its client left; the server hides that.
final class Lines implements ServerConnectionSelector {
    private final Map<String, ConnectionContext> open = new ConcurrentHashMap<>();
    private final ServerConnectionSelector http = Http1ConnectionSelector.builder()
            .config(Http1Config.builder()
                    .sendKeepAliveHeader(false)
                    .maxHeadersSize(64 << 10)
                    .validatePrologue(false)
                    .validateRequestHeaders(false) // it would refuse compressed bodies
                    .build())
            .build();

    /// Waits until the client left (true) or the time is over (false). It reads from the connection, so the
    /// caller must close the connection afterwards.
    boolean awaitDeparture(String id, Duration atMost) {
        var line = open.get(id);
        if (line == null) {
            return true;
        }
        var gone = new CountDownLatch(1);
        Thread.ofVirtual().name("departure").start(() -> {
            try {
                line.dataReader().ensureAvailable();
            } catch (RuntimeException _) {
                return; // every failure to read means the same: nobody is there
            } finally {
                gone.countDown();
            }
        });
        try {
            return gone.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            return false; // the mock itself is being closed
        }
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Tracked(context, http.connection(context));
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    private final class Tracked implements ServerConnection {
        private final ConnectionContext context;
        private final ServerConnection connection;

        Tracked(ConnectionContext context, ServerConnection connection) {
            this.context = context;
            this.connection = connection;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            open.put(context.childSocketId(), context);
            try {
                connection.handle(limit);
            } finally {
                open.remove(context.childSocketId());
            }
        }

        @Override
        public Duration idleTime() {
            return connection.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            connection.close(interrupt);
        }
    }
}
