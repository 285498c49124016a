package com.posthog.aigateway.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/// A body written in small pieces, so that an answer that comes early is noticed in between.
final class SlicedBody extends AbstractHttpEntity {

    private static final int PIECE = 32 << 10;

    private final UpstreamRequest request;

    SlicedBody(UpstreamRequest request) {
        super((String) null, null);
        this.request = request;
    }

    @Override
    public long getContentLength() {
        return request.length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        var exchange = Exchange.CURRENT.get();
        try {
            write(out, exchange);
            out.flush();
        } catch (IOException broken) {
            // Who answers and closes at once resets the connection; the answer can still be read.
            if (!exchange.answersEarly()) {
                throw broken;
            }
        } finally {
            exchange.uploaded();
        }
    }

    private void write(OutputStream out, Exchange exchange) throws IOException {
        int sinceAsked = 0;
        for (var slice : request.body()) {
            for (int at = slice.start(); at < slice.end(); at += PIECE) {
                if (sinceAsked >= PIECE) {
                    if (exchange.answersEarly()) {
                        return;
                    }
                    sinceAsked = 0;
                }
                int length = Math.min(PIECE, slice.end() - at);
                out.write(slice.bytes(), at, length);
                sinceAsked += length;
            }
        }
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public InputStream getContent() {
        throw new UnsupportedOperationException("the body is only written");
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
