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

    /// The body of which so many chunks have come, be the last of them missing.
    static String read(String chunks) {
        var body = new StringBuilder();
        int at = 0;
        for (int line = chunks.indexOf("\r\n"); line > at; line = chunks.indexOf("\r\n", at)) {
            int size = Integer.parseInt(chunks, at, line, 16);
            body.append(chunks, line + 2, Math.min(line + 2 + size, chunks.length()));
            at = line + 2 + size + 2;
        }
        return body.toString();
    }

    private static void chunk(ByteArrayOutputStream out, byte[] body, int from, int to) {
        if (to > from) {
            out.writeBytes((Integer.toHexString(to - from) + "\r\n").getBytes(US_ASCII));
            out.write(body, from, to - from);
            out.writeBytes("\r\n".getBytes(US_ASCII));
        }
    }
}
