package com.posthog.aigateway.mock;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Names that no other answer has, neither of this mock nor of another one or of an earlier start.
final class Serial {
    private final String start;
    private final AtomicLong next = new AtomicLong();

    Serial(RandomGenerator random) {
        start = "mock" + HexFormat.of().toHexDigits(random.nextInt());
    }

    String next(String prefix) {
        return prefix + start + HexFormat.of().toHexDigits(next.incrementAndGet(), 12);
    }
}
