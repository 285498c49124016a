package com.posthog.aigateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A process that we started, with its own children: what it uses, and its end.
final class Child implements AutoCloseable {

    private static final double TICKS_A_SECOND = 100;
    private static final Duration TO_END = Duration.ofSeconds(90);

    private final Process process;

    private Child(Process process) {
        this.process = process;
    }

    /// Starts it; what it says goes to a file.
    static Child start(Path log, Map<String, String> environment, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        var child = new Child(builder.start());
        Runtime.getRuntime().addShutdownHook(new Thread(child.process::destroyForcibly));
        return child;
    }

    /// Waits until it listens.
    Child listening(int port) throws IOException, InterruptedException {
        long until = System.nanoTime() + 120_000_000_000L;
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() > until) {
                close();
                throw new IOException(
                        "it does not listen: " + process.info().command().orElse("?"));
            }
            Thread.sleep(20);
        }
        return this;
    }

    static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException no) {
            return false;
        }
    }

    /// Its exit code. IOException: it does not end in time, and is told to.
    int exit(Duration within) throws IOException, InterruptedException {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            close();
            throw new IOException("it did not end in " + within.toSeconds() + " s");
        }
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private Stream<Long> pids() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid);
    }

    /// User and system time so far, in microseconds.
    double cpuMicros() {
        return pids().mapToLong(Child::ticks).sum() * 1e6 / TICKS_A_SECOND;
    }

    private static long ticks(long pid) {
        var fields = read(Path.of("/proc/" + pid + "/stat"))
                .replaceFirst(".*\\) ", "")
                .split(" ", -1);
        return fields.length < 13 ? 0 : Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /// The same, once the process has come to rest: what it still does for the calls before belongs to them.
    double restedCpuMicros() throws InterruptedException {
        double last = cpuMicros();
        int still = 0;
        for (int i = 0; i < 150 && still < 2; i++) {
            Thread.sleep(200);
            double now = cpuMicros();
            still = now - last <= 10_000 ? still + 1 : 0;
            last = now;
        }
        return last;
    }

    /// Memory in use now, in MB.
    double residentMb() {
        return status("VmRSS");
    }

    /// The most memory in use since [#forgetPeak], in MB.
    double peakMb() {
        return status("VmHWM");
    }

    void forgetPeak() throws IOException {
        Files.writeString(Path.of("/proc/" + pid() + "/clear_refs"), "5");
    }

    private double status(String field) {
        return pids().mapToDouble(pid -> read(Path.of("/proc/" + pid + "/status"))
                        .lines()
                        .filter(line -> line.startsWith(field + ":"))
                        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                        .sum())
                .sum();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException ended) {
            return "";
        }
    }

    /// Asks a Java process by `jcmd`; returns its words.
    String ask(String... words) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var command = Stream.concat(Stream.of(java, Long.toString(pid())), Stream.of(words))
                .toList();
        return run(command, Duration.ofSeconds(60));
    }

    /// Runs a command to its end; returns what it says.
    static String run(List<String> command, Duration within) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("it does not end: " + command.getFirst());
            }
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    /// Asks it to end, and waits.
    @Override
    public void close() {
        var children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    static int freePort() {
        try (var socket = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
