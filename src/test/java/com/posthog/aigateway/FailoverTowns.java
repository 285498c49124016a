package com.posthog.aigateway;

import com.posthog.aigateway.testing.FakeClock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A gateway and its providers for the cases of a table, and new ones from time to time: a process makes fifty more
/// attempts than calls, and a few.
///
/// @param <T> the gateway with its providers
final class FailoverTowns<T extends Closeable> implements Closeable {

    @FunctionalInterface
    interface Opening<T> {
        T open(Path folder, FakeClock clock) throws IOException;
    }

    private static final int CASES_OF_ONE = 40;

    private final Opening<T> opening;
    private final Duration until;
    private final FakeClock clock = new FakeClock(Instant.parse("2026-06-01T00:00:00Z"));
    private int cases;
    private @Nullable T town;

    /// @param until what one case leaves behind is forgotten
    FailoverTowns(Opening<T> opening, Duration until) {
        this.opening = opening;
        this.until = until;
    }

    void begin(Path home) throws IOException {
        if (cases++ % CASES_OF_ONE == 0) {
            close();
            town = opening.open(Files.createDirectory(home.resolve("town" + cases)), clock);
        }
        clock.pass(until);
    }

    T here() {
        return Objects.requireNonNull(town);
    }

    int cases() {
        return cases;
    }

    @Override
    public void close() throws IOException {
        if (town != null) {
            town.close();
        }
    }
}
