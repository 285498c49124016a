package com.posthog.aigateway.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes that have come and were not passed on yet.
final class Pending {

    private static final byte[] NONE = new byte[0];

    private byte[] bytes = NONE;
    private int from;
    private int to;

    int size() {
        return to - from;
    }

    boolean isEmpty() {
        return from == to;
    }

    /// The byte at a place, counted from the first one that is pending.
    byte at(int place) {
        return bytes[from + place];
    }

    void add(byte[] more) {
        if (isEmpty()) {
            bytes = more;
            from = 0;
            to = more.length;
            return;
        }
        if (bytes.length - to < more.length) {
            bytes = Arrays.copyOfRange(bytes, from, from + size() + Math.max(size(), more.length));
            to = size();
            from = 0;
        }
        System.arraycopy(more, 0, bytes, to, more.length);
        to += more.length;
    }

    /// Passes on so many bytes; without a copy where that is all there is.
    byte[] take(int count) {
        if (from == 0 && count == bytes.length) {
            var all = bytes;
            bytes = NONE;
            to = 0;
            return all;
        }
        var taken = Arrays.copyOfRange(bytes, from, from + count);
        from += count;
        return taken;
    }

    void skip(int count) {
        from += count;
    }

    String text(int start, int end) {
        return new String(bytes, from + start, end - start, StandardCharsets.ISO_8859_1);
    }
}
