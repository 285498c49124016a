package com.posthog.aigateway.runaway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.posthog.aigateway.call.Call;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What was asked, in sixteen bytes that do not tell it: the first half of the SHA-256 of the endpoint and the body.
record Digest(long high, long low) {

    static Digest of(Call call) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            sha.update(call.endpoint().name().getBytes(US_ASCII));
            sha.update((byte) 0);
            var half = ByteBuffer.wrap(sha.digest(call.body().bytes()));
            return new Digest(half.getLong(), half.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// IllegalArgumentException: not what [#toString] made.
    static Digest parse(String hex) {
        return new Digest(HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
    }

    /// 32 hex digits.
    @Override
    public String toString() {
        var hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
