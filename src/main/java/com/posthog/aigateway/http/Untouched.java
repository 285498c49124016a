package com.posthog.aigateway.http;

import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import java.util.Set;

/// Tells Helidon to hand us encoded bodies as they are: we decode within our own bounds.
final class Untouched implements ContentEncoding {

    @Override
    public Set<String> ids() {
        return Set.of("identity", "gzip", "x-gzip", "deflate", "br", "zstd");
    }

    @Override
    public boolean supportsEncoding() {
        return false;
    }

    @Override
    public boolean supportsDecoding() {
        return true;
    }

    @Override
    public ContentDecoder decoder() {
        return ContentDecoder.NO_OP;
    }

    @Override
    public ContentEncoder encoder() {
        return ContentEncoder.NO_OP;
    }

    @Override
    public String name() {
        return "untouched";
    }

    @Override
    public String type() {
        return "untouched";
    }
}
