package com.posthog.aigateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.call.Intent;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JournalProcessTest {

    @TempDir
    Path folder;

    @Test
    void isRefusedToASecondProcess() throws Exception {
        try (var _ = JournalTest.open(folder)) {
            var child = child();

            try (var out = child.inputReader()) {
                assertThat(out.readLine())
                        .isEqualTo("fault the data folder '" + folder + "' is used by another process");
            }
            child.waitFor();
        }
    }

    @Test
    void losesNothingWhenTheProcessIsKilled() throws Exception {
        var intents = new HashSet<UUID>();
        var receipts = new HashSet<UUID>();
        var child = child();
        try (var out = child.inputReader()) {
            for (int i = 0; i < 10_000; i++) {
                note(out.readLine(), intents, receipts);
            }
            assertThatThrownBy(() -> JournalTest.open(folder)).hasMessageContaining("is used by another process");
            child.destroyForcibly().waitFor();
            noteTheRest(out, intents, receipts);
        }

        try (var journal = JournalTest.open(folder)) {
            var unfinished = journal.unfinished().stream().map(Intent::id).collect(Collectors.toSet());
            assertThat(receipts).hasSizeGreaterThan(1000).allSatisfy(id -> {
                assertThat(journal.receipt(id)).isPresent();
                assertThat(journal.content(id)).isPresent();
                assertThat(unfinished).doesNotContain(id);
            });
            assertThat(intents)
                    .allSatisfy(
                            id -> assertThat(journal.receipt(id).isPresent()).isNotEqualTo(unfinished.contains(id)));
            assertThat(new HashSet<>(journal.undelivered(null, Integer.MAX_VALUE)))
                    .containsAll(receipts);
            assertThat(journal.unreadable()).isZero();
        }
    }

    private Process child() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        // Who is killed leaves the unpacked library behind.
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        JournalChild.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void noteTheRest(BufferedReader out, Set<UUID> intents, Set<UUID> receipts) throws IOException {
        try {
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                note(line, intents, receipts);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("closed");
        }
    }

    /// The last line may be cut short: the kill came in the middle of it.
    private static void note(String line, Set<UUID> intents, Set<UUID> receipts) {
        assertThat(line).as("the other process ended by itself").isNotNull();
        var words = line.split(" ", 2);
        if (words.length < 2 || words[1].length() < 36) {
            return;
        }
        switch (words[0]) {
            case "intent" -> intents.add(UUID.fromString(words[1]));
            case "receipt" -> receipts.add(UUID.fromString(words[1]));
            default -> throw new AssertionError(line);
        }
    }
}
