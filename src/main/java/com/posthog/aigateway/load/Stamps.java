package com.posthog.aigateway.load;

import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/// Finds in a stream's events when each was sent: an upstream that is made for it writes `"sent_nanos":123`, by the
/// same clock as ours, which is that of the machine.
final class Stamps {

    private static final byte[] MARK = "\"sent_nanos\":".getBytes(StandardCharsets.US_ASCII);

    private final LongConsumer delays;
    private int matched;
    private long sent = -1;

    /// @param delays is told how long each event was on its way, in nanoseconds
    Stamps(LongConsumer delays) {
        this.delays = delays;
    }

    void hear(byte[] bytes, int from, int to, long at) {
        for (int i = from; i < to; i++) {
            byte one = bytes[i];
            if (sent < 0) {
                seek(one);
            } else if (one >= '0' && one <= '9') {
                sent = 10 * sent + one - '0';
            } else {
                delays.accept(at - sent);
                sent = -1;
            }
        }
    }

    private void seek(byte one) {
        if (one == MARK[matched]) {
            matched++;
        } else {
            matched = one == MARK[0] ? 1 : 0;
        }
        if (matched == MARK.length) {
            matched = 0;
            sent = 0;
        }
    }
}
