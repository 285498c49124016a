package com.posthog.aigateway.wire;

import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Sends nothing on a pooled connection that holds bytes of an earlier answer, for they would be taken for ours; and
/// nothing through a proxy that did not let us through.
///
/// The form with the callback must be overridden; the client calls only that one.
final class Guard extends HttpRequestExecutor {

    /// The library's shortest time to wait; [FlushSocket] makes it none at all.
    static final Timeout AT_ONCE = Timeout.ofMilliseconds(FlushSocket.QUESTION_MILLIS);

    /// The pooled connection is of no use. Nothing was sent.
    static final class Stale extends IOException {
        Stale() {
            super("bytes were left over on a pooled connection");
        }
    }

    /// The library would hand on the proxy's no as the provider's answer.
    private static ClassicHttpResponse tunnel(ClassicHttpResponse answer, HttpClientConnection connection)
            throws IOException {
        if (answer.getCode() / 100 != 2) {
            Closer.closeQuietly(connection);
            throw new IOException("the egress proxy answered " + answer.getCode());
        }
        return answer;
    }

    @Override
    public ClassicHttpResponse execute(
            ClassicHttpRequest request,
            HttpClientConnection connection,
            @Nullable HttpResponseInformationCallback callback,
            HttpContext context)
            throws IOException, HttpException {
        var exchange = Exchange.CURRENT.get();
        if (Method.CONNECT.isSame(request.getMethod())) {
            exchange.tunnels();
            return tunnel(super.execute(request, connection, callback, context), connection);
        }
        exchange.sends(connection);
        if (exchange.wasReused() && connection.isDataAvailable(AT_ONCE)) {
            Closer.closeQuietly(connection);
            throw new Stale();
        }
        return super.execute(request, connection, callback, context);
    }
}
