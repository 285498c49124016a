package com.posthog.aigateway.cluster;

import java.nio.ByteBuffer;

/// A number as it travels.
final class Bytes {

    private Bytes() {}

    static byte[] of(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static long toLong(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong();
    }
}
