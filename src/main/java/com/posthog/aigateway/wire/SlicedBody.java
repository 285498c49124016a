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
        for (var slice : request.body()) {
            for (int at = slice.start(); at < slice.end(); at += PIECE) {
                out.write(slice.bytes(), at, Math.min(PIECE, slice.end() - at));
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
