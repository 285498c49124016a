package com.posthog.aigateway.journal;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what cannot be read, and says so the first time.
final class Damage {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final AtomicLong count = new AtomicLong();

    void found(Shelf shelf, String why) {
        if (count.getAndIncrement() == 0) {
            LOG.error("the journal passes over a row of '{}' that cannot be read: {}", shelf, why);
        }
    }

    long count() {
        return count.get();
    }
}
