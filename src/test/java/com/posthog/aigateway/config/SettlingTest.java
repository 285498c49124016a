package com.posthog.aigateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettlingTest {

    @TempDir
    Path folder;

    private Path file = Path.of("callers.yaml");
    private final Sources sources = new Sources();

    @BeforeEach
    void read() throws IOException {
        file = Files.writeString(folder.resolve("callers.yaml"), "teams: []\n");
        assertThat(sources.text(file)).isEqualTo("teams: []\n");
    }

    private void append(String line) throws IOException {
        Files.writeString(file, Files.readString(file) + line);
    }

    @Test
    void waitsForTheEndOfAFileThatIsBeingWritten() throws Exception {
        var settling = new Settling(sources);
        for (int i = 0; i < 5; i++) {
            append("# one more line\n");
            assertThat(settling.look()).isFalse();
        }

        assertThat(settling.look()).isTrue();
    }

    @Test
    void isQuietWhereNothingChangesOrAChangeIsTakenBack() throws Exception {
        var settling = new Settling(sources);
        assertThat(settling.look()).isFalse();
        append("# a line\n");
        assertThat(settling.look()).isFalse();
        Files.writeString(file, "teams: []\n");

        assertThat(settling.look()).isFalse();
        assertThat(settling.look()).isFalse();
    }

    @Test
    void seesAFileThatGoesAndOneThatComes() throws Exception {
        var other = folder.resolve("providers.yaml");
        assertThat(sources.exists(other)).isFalse();
        var settling = new Settling(sources);
        Files.delete(file);
        assertThat(settling.look()).isFalse();
        assertThat(settling.look()).isTrue();
        Files.writeString(other, "models: []\n");

        assertThat(settling.look()).isFalse();
        assertThat(settling.look()).isTrue();
    }

    @Test
    void passesOverWhatIsNoFile() throws Exception {
        var pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        var writer = Thread.ofVirtual().start(() -> write(pipe));
        assertThat(sources.text(pipe)).isEqualTo("a: b\n");
        writer.join();

        var settling = new Settling(sources);

        assertThat(settling.look()).isFalse();
        assertThat(settling.look()).isFalse();
    }

    private static void write(Path pipe) {
        try {
            Files.writeString(pipe, "a: b\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
