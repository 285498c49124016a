package com.posthog.aigateway.http;

import io.helidon.http.Headers;
import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.encoding.ContentEncodingContextConfig;

/// Tells Helidon to hand us all bodies as they are, whatever they are encoded in: we decode within our own bounds, and
/// say in our own words what we do not understand.
final class Untouched implements ContentEncodingContext {

    @Override
    public boolean contentEncodingEnabled() {
        return false;
    }

    @Override
    public boolean contentDecodingEnabled() {
        return true;
    }

    @Override
    public boolean contentEncodingSupported(String name) {
        return false;
    }

    @Override
    public boolean contentDecodingSupported(String name) {
        return true;
    }

    @Override
    public ContentEncoder encoder(String name) {
        return ContentEncoder.NO_OP;
    }

    @Override
    public ContentDecoder decoder(String name) {
        return ContentDecoder.NO_OP;
    }

    @Override
    public ContentEncoder encoder(Headers headers) {
        return ContentEncoder.NO_OP;
    }

    @Override
    public ContentEncodingContextConfig prototype() {
        return ContentEncodingContextConfig.builder()
                .contentEncodingsDiscoverServices(false)
                .buildPrototype();
    }
}
