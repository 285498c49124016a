package com.posthog.aigateway.stream;

import java.util.Arrays;

/// Bytes that are gathered, up to a bound; what comes after the bound is left out.
final class GrowingBytes {

    private static final int KEPT_CAPACITY = 64 << 10;

    private final int bound;
    private byte[] bytes;
    private int length;

    GrowingBytes(int start, int bound) {
        this.bound = bound;
        this.bytes = new byte[Math.min(start, bound)];
    }

    void add(byte[] more, int from, int to) {
        int count = Math.min(to - from, bound - length);
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(bound, Math.max(length + count, 2 * bytes.length)));
        }
        System.arraycopy(more, from, bytes, length, count);
        length += count;
    }

    /// How many more can be gathered.
    int room() {
        return bound - length;
    }

    /// Keeps no more than the first `most`.
    void shorten(long most) {
        length = (int) Math.min(length, most);
    }

    void clear() {
        length = 0;
        if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[KEPT_CAPACITY];
        }
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }
}
