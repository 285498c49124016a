package com.posthog.aigateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The short form of `scripts/roll`. What it leaves under `target` shows what went wrong.
class RollTest {

    private static final Path FOLDER = Path.of("target", "roll-short");

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void breaksNoStreamAndNoLimitAndLosesNothing() throws Exception {
        clear();
        var said = new ByteArrayOutputStream();
        int code;
        try (var out = new PrintStream(said, true, UTF_8)) {
            code = Roll.run(RollPlan.brief(FOLDER), out);
        } catch (IOException e) {
            throw new AssertionError(
                    "the roll cannot go on: " + e.getMessage() + "; so far:\n" + said.toString(UTF_8), e);
        }

        var report = said.toString(UTF_8);
        assertThat(code).as(report).isZero();
        System.out.print(report);
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
