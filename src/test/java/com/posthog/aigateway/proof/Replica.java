package com.posthog.aigateway.proof;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One replica: its place on the network, its folder, and its process, which may end and begin again.
final class Replica implements AutoCloseable {

    static final String TOKEN = "proof";

    private static final List<String> FLAGS = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=logback.xml",
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final int number;
    private final Path folder;
    private final String host;
    private final int port;
    private final int adminPort;
    private @Nullable Child process;

    Replica(int number, Path folder, String host, int port, int adminPort) throws IOException {
        this.number = number;
        this.folder = Files.createDirectories(folder);
        this.host = host;
        this.port = port;
        this.adminPort = adminPort;
    }

    int number() {
        return number;
    }

    URI uri() {
        return URI.create("http://" + host + ":" + port);
    }

    URI admin() {
        return URI.create("http://" + host + ":" + adminPort);
    }

    Path data() {
        return folder.resolve("data");
    }

    /// @param cluster its section of `gateway.yaml`, and `lifecycle` too
    void configure(Path callers, String cluster, String lifecycle) throws IOException {
        Files.writeString(folder.resolve("gateway.yaml"), """
                server: { host: %s, port: %d }
                admin: { host: %s, port: %d, token: %s }
                callers: %s
                journal: { path: %s }
                cluster: %s
                events: { content: none }
                lifecycle: %s
                """.formatted(
                        host, port, host, adminPort, TOKEN, callers, data(), cluster, lifecycle));
    }

    /// @param prefix what stands before the command
    void start(List<String> prefix, List<String> main, Map<String, String> environment) throws IOException {
        var command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.addAll(main);
        command.addAll(
                List.of("serve", "--config", folder.resolve("gateway.yaml").toString()));
        process = Child.start(log(), environment, command);
    }

    /// Its journal goes, as if it had never run.
    void forget() throws IOException {
        try (var files = Files.walk(data())) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    Child process() {
        if (process == null) {
            throw new IllegalStateException("replica " + number + " was never started");
        }
        return process;
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /// What its log ends with.
    String lastLine() throws IOException {
        return Files.readString(log()).lines().reduce("", (_, line) -> line);
    }

    private Path log() {
        return folder.resolve("log");
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }

    @Override
    public String toString() {
        return "replica " + number;
    }
}
