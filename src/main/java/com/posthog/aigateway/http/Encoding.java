package com.posthog.aigateway.http;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.util.Locale;

/// What a body may be encoded in (RFC 9110, section 8.4.1; RFC 8878 for zstd).
enum Encoding {
    IDENTITY,
    GZIP,
    ZSTD;

    /// A window of zstd takes memory, by its logarithm: RFC 9659 allows 8 MiB for HTTP.
    private static final int LARGEST_ZSTD_WINDOW = 23;

    /// Refusal: nothing that we understand.
    static Encoding of(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "zstd" -> ZSTD;
            default ->
                throw new Refusal(
                        Reason.MALFORMED,
                        "Content-Encoding '" + name.strip()
                                + "' is not understood; send the body plain, or as gzip or zstd");
        };
    }

    /// The decoded bytes; reading them throws where they are damaged, or not one whole message.
    InputStream decoded(byte[] bytes) throws IOException {
        return switch (this) {
            case IDENTITY -> new ByteArrayInputStream(bytes);
            case GZIP -> new Gunzip(bytes);
            case ZSTD -> unzstd(bytes);
        };
    }

    private static InputStream unzstd(byte[] bytes) throws IOException {
        try {
            if (Zstd.findFrameCompressedSize(bytes) != bytes.length) {
                throw new StreamCorruptedException("no zstd, not whole, or more than one frame");
            }
            return new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(bytes)).setLongMax(LARGEST_ZSTD_WINDOW);
        } catch (ZstdException damaged) {
            throw new IOException("no zstd", damaged);
        } catch (LinkageError missing) {
            throw new Refusal(
                    Reason.MALFORMED, "Content-Encoding 'zstd' is not understood on this machine; send the body plain");
        }
    }
}
