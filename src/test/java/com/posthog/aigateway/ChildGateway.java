package com.posthog.aigateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The gateway in a JVM of its own, so that it can be told to stop, or be killed.
final class ChildGateway implements AutoCloseable {

    private static final Pattern SERVING = Pattern.compile("serving on port (\\d+), operators on port (\\d+)");

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<Matcher> serving = new CompletableFuture<>();

    private ChildGateway(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::listen);
    }

    static ChildGateway start(Path settings, Map<String, String> environment) throws IOException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--config",
                settings.toString());
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new ChildGateway(builder.start());
    }

    private void listen() {
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = out.readLine()) != null) {
                synchronized (lines) {
                    lines.add(line);
                }
                var match = SERVING.matcher(line);
                if (match.find()) {
                    serving.complete(match);
                }
            }
        } catch (IOException ended) {
            // The process was killed.
        }
        serving.completeExceptionally(new IllegalStateException("the gateway ended: " + String.join("\n", lines())));
    }

    /// What it has logged so far.
    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:"
                + serving.orTimeout(30, TimeUnit.SECONDS).join().group(1));
    }

    URI adminUri() {
        return URI.create("http://127.0.0.1:"
                + serving.orTimeout(30, TimeUnit.SECONDS).join().group(2));
    }

    void terminate() {
        process.destroy();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// The exit code, or an exception with the log when it does not come.
    int exit() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the gateway did not end: " + String.join("\n", lines()));
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
