package com.posthog.aigateway.record;

import java.time.Duration;

/// Brings what the journal holds for delivery to PostHog, in the background. At least once, with the same uuid.
public interface Lane extends AutoCloseable {

    /// There is something new to deliver.
    void wake();

    /// Tries to deliver all that is there within a time; true when nothing is left.
    boolean flush(Duration within);

    /// Stops; what is not delivered stays in the journal.
    @Override
    void close();

    /// Leaves everything in the journal.
    static Lane parked() {
        return new Lane() {
            @Override
            public void wake() {}

            @Override
            public boolean flush(Duration within) {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
