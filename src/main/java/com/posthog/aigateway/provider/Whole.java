package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Reply;
import java.util.Arrays;

/// Small answers, read to their end.
final class Whole {

    private static final int AT_FIRST = 4 << 10;

    private Whole() {}

    /// What lies beyond `most` bytes is not read.
    static byte[] read(Reply reply, int most) throws Reply.Broken {
        var bytes = new byte[Math.min(most, AT_FIRST)];
        int length = 0;
        int count = 0;
        while (count >= 0 && length < most) {
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(most, 2 * bytes.length));
            }
            count = reply.read(bytes, length, () -> {});
            length += Math.max(0, count);
        }
        return Arrays.copyOf(bytes, length);
    }
}
