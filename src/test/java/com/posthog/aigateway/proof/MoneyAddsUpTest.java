package com.posthog.aigateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The short form of `scripts/prove-money`: three replicas in JVMs of their own, and a provider with its own bill. What
/// it leaves under `target` shows what went wrong.
class MoneyAddsUpTest {

    private static final Path FOLDER = Path.of("target", "money-adds-up");

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void whileReplicasAreKilledStoppedAndStartedAgain() throws Exception {
        clear();
        long start = System.nanoTime();
        var said = new ByteArrayOutputStream();
        int code;
        try (var out = new PrintStream(said, true, UTF_8)) {
            code = ProveMoney.run(Options.parse(FOLDER.toString(), "--short"), out);
        } catch (IOException e) {
            throw new AssertionError(
                    "the proof cannot go on: " + e.getMessage() + "; so far:\n" + said.toString(UTF_8), e);
        }

        var figures = said.toString(UTF_8);
        assertThat(code).as(figures).isZero();
        System.out.printf(
                "%sin %d s%n",
                figures, Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }

    private static void clear() throws IOException {
        if (Files.exists(FOLDER)) {
            try (var files = Files.walk(FOLDER)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
