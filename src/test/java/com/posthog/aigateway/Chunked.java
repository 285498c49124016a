package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/// A body in chunks (RFC 9112, section 7.1): whoever reads it gets at most one chunk at a time.
final class Chunked {

    private Chunked() {}

    /// @param cuts where a chunk ends, in order; empty chunks are left out, for they would be the end
    static byte[] of(byte[] body, int... cuts) {
        var out = new ByteArrayOutputStream();
        int from = 0;
        for (int cut : cuts) {
            chunk(out, body, from, cut);
            from = Math.max(from, cut);
        }
        chunk(out, body, from, body.length);
        out.writeBytes("0\r\n\r\n".getBytes(US_ASCII));
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, byte[] body, int from, int to) {
        if (to > from) {
            out.writeBytes((Integer.toHexString(to - from) + "\r\n").getBytes(US_ASCII));
            out.write(body, from, to - from);
            out.writeBytes("\r\n".getBytes(US_ASCII));
        }
    }
}
