package com.posthog.aigateway.auth;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;

/// What a caller shows: extracted once, from either header, for all uses.
record Credential(String digest) {

    private static final String BEARER = "bearer ";

    /// Refusal: none, or two that differ.
    static Credential of(Headers headers) {
        var shown = new LinkedHashSet<String>();
        for (var value : headers.all("authorization")) {
            if (value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                shown.add(value.substring(BEARER.length()).strip());
            }
        }
        headers.all("x-api-key").forEach(value -> shown.add(value.strip()));
        shown.remove("");
        if (shown.isEmpty()) {
            throw new Refusal(
                    Reason.CREDENTIAL_MISSING,
                    "no credential; send it as 'Authorization: Bearer <key>' or as 'x-api-key: <key>'");
        } else if (shown.size() > 1) {
            throw new Refusal(
                    Reason.MALFORMED,
                    "two different credentials, in 'Authorization' and 'x-api-key'; send one of them");
        }
        return new Credential(sha256(shown.getFirst()));
    }

    static String sha256(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
