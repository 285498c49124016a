package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The jar as a process: what it prints, and the code it ends with.
@Timeout(180)
class CommandsTest {

    record Ended(int code, String out, String err) {}

    @TempDir
    Path folder;

    private Ended run(String... arguments) throws Exception {
        return run(folder, arguments);
    }

    /// @param folder for what it prints
    static Ended run(Path folder, String... arguments) throws Exception {
        var out = folder.resolve("out.txt");
        var err = folder.resolve("err.txt");
        var java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        var process = new ProcessBuilder(
                        Stream.concat(java.stream(), Stream.of(arguments)).toList())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private String settings(Path data, int port) throws IOException {
        var file = folder.resolve("gateway.yaml");
        Files.writeString(file, """
                server: { port: %d }
                admin: { port: 0 }
                journal: { path: "%s" }
                """.formatted(port, data));
        return file.toString();
    }

    /// One line about it, and no stack trace anywhere.
    private static void assertSaid(Ended ended, String line) {
        assertThat(ended.code()).as(ended.toString()).isEqualTo(2);
        assertThat(ended.err().lines().filter(it -> !it.startsWith("WARNING:") && !it.contains(" WARN  ")))
                .singleElement()
                .asString()
                .contains(line);
        assertThat(ended.out() + ended.err()).doesNotContain("Exception", "\tat ", "\"level\":\"error\"", "\"ERROR\"");
    }

    @ParameterizedTest
    @CsvSource({
        "serve,--config",
        "check,--config",
        "resolve,--shape",
        "mock-provider,--fixtures",
        "sink,--port",
        "load,--rate",
        "report estimates,--since"
    })
    void helpsWithEachCommand(String command, String option) throws Exception {
        var ended = run((command + " --help").split(" "));

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("Usage: ai-gateway " + command, option);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nonsense", "nonsense"})
    void refusesWhatItDoesNotKnow(String argument) throws Exception {
        var ended = run(argument);

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains(argument).doesNotContain("Exception");
    }

    @Test
    void checksAGoodConfiguration() throws Exception {
        var ended = run("check", "--config", settings(folder.resolve("data"), 0));

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).startsWith("gateway:\n").containsSubsequence("callers:\n", "# note: ", "# ok: ");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void explainsWhichModelANameMeans() throws Exception {
        var ended = run("resolve", "anthropic/claude-opus-4.5", "--config", settings(folder.resolve("data"), 0));

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out().lines()).hasSize(12);
        assertThat(ended.out())
                .startsWith("1  exact id, then alias")
                .contains("target  anthropic: 'claude-opus-4-5' (left out: no key)");
    }

    @Test
    void explainsAnUnknownModelToo() throws Exception {
        var ended = run("resolve", "gpt-0", "--shape", "openai-chat");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("6  unknown                             yes", "price   ceiling");
    }

    @Test
    void saysWhichShapesThereAre() throws Exception {
        assertSaid(
                run("resolve", "gpt-5", "--shape", "chat"),
                "--shape must be one of openai-chat, openai-responses, openai-embeddings, anthropic-messages: 'chat'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "serve"})
    void printsEveryFault(String command) throws Exception {
        var file = Files.writeString(folder.resolve("gateway.yaml"), "server: { port: x }\nextra: 1\n", UTF_8);

        var ended = run(command, "--config", file.toString());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .contains(file + ":1: 'port' must be a whole number: 'x'", file + ":2: unknown key 'extra'")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void saysThatAPortIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            var ended = run("serve", "--config", settings(folder.resolve("data"), port));

            assertSaid(ended, "port " + port + " on 127.0.0.1 cannot be used");
        }
    }

    @Test
    void saysThatTheDataFolderIsInUse() throws Exception {
        try (var rig = Rig.start(folder)) {
            assertThat(rig.gateway.port()).isPositive();

            var ended = run("serve", "--config", settings(folder.resolve("data"), 0));

            assertSaid(ended, "is used by another process");
        }
    }

    @Test
    void saysThatTheDataFolderIsNone() throws Exception {
        var file = Files.writeString(folder.resolve("data"), "a file");

        var ended = run("serve", "--config", settings(file, 0));

        assertSaid(ended, "the data folder '" + file + "'");
    }
}
