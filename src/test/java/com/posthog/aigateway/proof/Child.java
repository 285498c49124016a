package com.posthog.aigateway.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A process that we started: it never lives longer than we do.
final class Child implements AutoCloseable {

    private static final Duration FOR_A_COMMAND = Duration.ofSeconds(20);

    private final Process process;
    private final Path log;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /// What it says is added to the log.
    static Child start(Path log, Map<String, String> environment, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        var process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new Child(process, log);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// SIGKILL, and its end.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// SIGKILL; the end is not waited for.
    void shoot() {
        process.destroyForcibly();
    }

    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    void terminate() {
        process.destroy();
    }

    private void signal(String name) throws IOException, InterruptedException {
        run("kill", "-" + name, Long.toString(process.pid()));
    }

    /// Its exit code. IOException: it does not end in time, and is killed.
    int exit(Duration within) throws IOException, InterruptedException {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            throw new IOException("it did not end in " + within.toSeconds() + " s; see " + log);
        }
        return process.exitValue();
    }

    String said() throws IOException {
        return Files.readString(log);
    }

    /// SIGKILL; its files are left alone once this returns.
    @Override
    public void close() {
        try {
            var _ = process.destroyForcibly().waitFor(FOR_A_COMMAND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs a command to its end. IOException: it fails.
    static void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(FOR_A_COMMAND.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said.strip());
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
