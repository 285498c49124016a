package com.posthog.aigateway.wire;

import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// The upstream transport by Apache HttpClient 5, hardened: see `docs/decisions/001-upstream-transport.md`.
public final class ApacheUpstream implements Upstream {

    private static final ConnectionReuseStrategy KEEPS_ALIVE = DefaultClientConnectionReuseStrategy.INSTANCE;
    private static final TimeValue OLDEST = TimeValue.ofMinutes(5);
    private static final int STALE_TRIES = 3;
    private static final int MOST_CONNECTIONS = 40_000;

    private final Deadlines deadlines = new Deadlines();
    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient client;

    /// A transport without connections yet.
    ///
    /// @param connect how long one address of a provider may take to be connected to
    public ApacheUpstream(Duration connect, SSLContext tls, Egress egress) {
        this(connect, OLDEST, tls, egress, SystemDefaultDnsResolver.INSTANCE);
    }

    /// @param oldest how long a connection is used again: then names are looked up anew
    ApacheUpstream(Duration connect, TimeValue oldest, SSLContext tls, Egress egress, DnsResolver names) {
        this.connections = connections(connect, oldest, tls, names);
        this.client = HttpClientBuilder.create()
                .setConnectionManager(connections)
                .setRequestExecutor(new Guard())
                .setRoutePlanner(routes(egress))
                .setConnectionReuseStrategy(ApacheUpstream::mayBeUsedAgain)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState()
                .disableDefaultUserAgent()
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setExpectContinueEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setRedirectsEnabled(false)
                        .setContentCompressionEnabled(false)
                        .setConnectionRequestTimeout(Timeout.ofSeconds(5))
                        .setDefaultKeepAlive(30, TimeUnit.SECONDS)
                        .build())
                .build();
    }

    /// Not after a request that was not sent whole, nor where an answer's length is said in two ways (RFC 9112, 6.3).
    private static boolean mayBeUsedAgain(HttpRequest request, HttpResponse response, HttpContext context) {
        boolean doubtful = response.containsHeader(HttpHeaders.TRANSFER_ENCODING)
                && response.containsHeader(HttpHeaders.CONTENT_LENGTH);
        return !doubtful
                && !Exchange.CURRENT.get().answeredEarly()
                && KEEPS_ALIVE.keepAlive(request, response, context);
    }

    private static DefaultRoutePlanner routes(Egress egress) {
        return new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE) {
            @Override
            protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
                var proxy = egress.proxy();
                return proxy != null && egress.leadsTo(target.getHostName())
                        ? new HttpHost(proxy.getScheme(), proxy.getHost(), proxy.getPort())
                        : null;
            }
        };
    }

    private static PoolingHttpClientConnectionManager connections(
            Duration connect, TimeValue oldest, SSLContext tls, DnsResolver names) {
        // A larger buffer costs memory many times over for each open stream.
        var http1 = Http1Config.custom()
                .setBufferSize(4096)
                .setMaxLineLength(64 << 10)
                .setMaxHeaderCount(200)
                .build();
        var operator = new DefaultHttpClientConnectionOperator(
                proxy -> new FlushSocket(),
                null,
                names,
                RegistryBuilder.<TlsSocketStrategy>create()
                        .register("https", new DefaultClientTlsStrategy(tls))
                        .build());
        var builder = new PoolingHttpClientConnectionManagerBuilder() {
            @Override
            protected HttpClientConnectionOperator createConnectionOperator(
                    SchemePortResolver ports, DnsResolver ignored, TlsSocketStrategy strategy) {
                return operator;
            }
        };
        return builder.setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(http1)
                        .responseParserFactory(new StrictParsers(http1))
                        .build())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setConnPoolPolicy(PoolReusePolicy.LIFO)
                .setMaxConnPerRoute(MOST_CONNECTIONS)
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setDefaultSocketConfig(sockets())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(connect))
                        .setTimeToLive(oldest)
                        .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                        .build())
                .build();
    }

    /// The library would give up a silent connection after three minutes; how long to wait is for [Patience] to say.
    static SocketConfig sockets() {
        return SocketConfig.custom()
                .setTcpNoDelay(true)
                .setSoTimeout(Timeout.DISABLED)
                .build();
    }

    @Override
    public Reply send(UpstreamRequest request, Patience patience, Hangup hangup) throws Unanswered {
        for (int left = STALE_TRIES; ; left--) {
            var exchange = new Exchange(message(request), patience, deadlines);
            hangup.then(() -> exchange.breakOff(Reply.Broken.How.CANCELLED));
            try {
                return open(exchange, request.base());
            } catch (Guard.Stale stale) {
                exchange.close();
                if (left == 0) {
                    throw new Unanswered(Unanswered.How.NOT_CONNECTED, false, stale);
                }
            } catch (IOException | IllegalStateException e) {
                // The library's word for a request that was cancelled between two of its steps is a wrong state.
                exchange.close();
                throw new Unanswered(how(exchange), exchange.wasSent(), e);
            }
        }
    }

    private static HttpUriRequestBase message(UpstreamRequest request) {
        var message = new HttpUriRequestBase(request.method(), request.base());
        message.setPath(request.target());
        for (var field : request.headers().fields()) {
            message.addHeader(field.name(), field.value());
        }
        if (!request.body().isEmpty()) {
            message.setEntity(new SlicedBody(request));
        }
        return message;
    }

    private Reply open(Exchange exchange, URI base) throws IOException {
        var host = new HttpHost(base.getScheme(), base.getHost(), base.getPort());
        var response = ScopedValue.where(Exchange.CURRENT, exchange)
                .call(() -> client.executeOpen(host, exchange.request(), HttpClientContext.create()));
        exchange.opened(response);
        return exchange;
    }

    private Unanswered.How how(Exchange exchange) {
        var stopped = exchange.stopped();
        if (stopped == Reply.Broken.How.CANCELLED) {
            return Unanswered.How.BROKEN_OFF;
        } else if (stopped != null) {
            return Unanswered.How.TIMED_OUT;
        } else if (!exchange.wasSent()) {
            return Unanswered.How.NOT_CONNECTED;
        } else if (exchange.closedWhileIdle()) {
            // What closed one idle connection has often closed its neighbours too.
            connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
            return Unanswered.How.CLOSED_IDLE;
        }
        return Unanswered.How.BROKEN;
    }

    /// Connections that are in use, and those that wait for use.
    public int open() {
        var stats = connections.getTotalStats();
        return stats.getLeased() + stats.getAvailable();
    }

    @Override
    public void close() {
        deadlines.close();
        client.close(CloseMode.IMMEDIATE);
    }
}
