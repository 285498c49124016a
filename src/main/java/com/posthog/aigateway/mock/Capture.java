package com.posthog.aigateway.mock;

import io.helidon.http.ServerRequestHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/// Reads a batch, has it judged by the rules of its lane, and keeps what was accepted.
final class Capture {
    private static final int MAX_PLAIN = 64 << 20;

    private final Kept kept;

    Capture(Kept kept) {
        this.kept = kept;
    }

    Verdict take(Intake lane, byte[] body, ServerRequestHeaders headers) {
        byte[] plain;
        try {
            plain = isCompressed(body) ? inflate(body) : body;
        } catch (IOException exception) {
            return unreadable(lane, "the body cannot be inflated: " + exception.getMessage());
        }
        var object = Json.object(plain);
        if (object.isEmpty()) {
            return unreadable(lane, "the body is no JSON object");
        }
        var verdict = lane.perEventResults()
                ? EventsJudge.judge(lane, headers, object.get(), plain.length)
                : BatchJudge.judge(lane, object.get(), plain.length);
        kept.add(verdict.accepted(), plain.length);
        return verdict;
    }

    private static Verdict unreadable(Intake lane, String why) {
        return lane.perEventResults()
                ? Verdict.error(400, "request_parsing_error", why)
                : Verdict.text(400, "failed to parse request: " + why);
    }

    /// Clients name their compression in a header, in the query or not at all; the first two bytes always tell.
    private static boolean isCompressed(byte[] body) {
        return body.length > 2 && body[0] == (byte) 0x1f && body[1] == (byte) 0x8b;
    }

    private static byte[] inflate(byte[] body) throws IOException {
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
            var plain = gzip.readNBytes(MAX_PLAIN + 1);
            if (plain.length > MAX_PLAIN) {
                throw new IOException("more than " + MAX_PLAIN + " bytes");
            }
            return plain;
        }
    }
}
