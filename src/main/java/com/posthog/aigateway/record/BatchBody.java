package com.posthog.aigateway.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// Events of one project as capture's `v0` protocol takes them.
final class BatchBody {

    private BatchBody() {}

    static byte[] gzip(String token, Instant now, List<byte[]> events) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new QuickGzip(bytes)) {
            gzip.write(("{\"api_key\":\"" + token + "\",\"sent_at\":\"" + now
                            + "\",\"historical_migration\":false,\"batch\":[")
                    .getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < events.size(); i++) {
                if (i > 0) {
                    gzip.write(',');
                }
                gzip.write(events.get(i));
            }
            gzip.write("]}".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
