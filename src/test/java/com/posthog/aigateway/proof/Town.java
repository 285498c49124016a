package com.posthog.aigateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.mock.Sink;
import com.posthog.aigateway.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All processes of a proof: the provider with its bill, where events go, and the replicas.
final class Town implements AutoCloseable {

    private static final Duration TO_BE_READY = Duration.ofSeconds(90);
    private static final String AT_ONCE = "{ drain_delay: 0s, drain: 30s }";

    private final Path folder;
    private final Sabotage sabotage;
    private final @Nullable Network network;
    private final Caller caller;
    private final Sink sink = Sink.start(0);
    private final int mockPort;
    private final Child mock;
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Integer> memberPorts = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    /// @param most how many replicas there are at most
    /// @param network null: all on this machine's loopback
    Town(Path folder, Sabotage sabotage, @Nullable Network network, Caller caller, int most)
            throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        this.sabotage = sabotage;
        this.network = network;
        this.caller = caller;
        var ports = new ArrayDeque<>(FreePorts.take(1 + 3 * most));
        mockPort = ports.remove();
        mock = Child.start(folder.resolve("mock.log"), Map.of(), mockCommand());
        var provider = "http://" + door(mockPort);
        environment.put("AIGATEWAY_OPENAI_URL", provider);
        environment.put("AIGATEWAY_ANTHROPIC_URL", provider);
        environment.put("OPENAI_API_KEY", "provider-key-openai");
        environment.put("ANTHROPIC_API_KEY", "provider-key-anthropic");
        environment.put("POSTHOG_HOST", "http://" + door(sink.port()));
        environment.put("HTTPS_PROXY", "");
        for (int i = 1; i <= most; i++) {
            memberPorts.add(network == null ? ports.remove() : 5701);
            var host = network == null ? "127.0.0.1" : network.callers(i);
            replicas.add(new Replica(i, folder.resolve("replica" + i), host, ports.remove(), ports.remove()));
        }
        await(this::mockListens, "the mock provider does not listen; see " + folder.resolve("mock.log"));
    }

    private List<String> mockCommand() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "com.posthog.aigateway.Main",
                "mock-provider",
                "--port",
                Integer.toString(mockPort),
                "--bill",
                folder.resolve("bill").toString());
    }

    private String door(int port) throws IOException {
        return network == null ? "127.0.0.1:" + port : network.door(port);
    }

    private boolean mockListens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), mockPort)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /// Gives every replica its configuration; before it is started for the first time, or while it is down.
    void configure(List<CallersFile.Entry> entries, int dataMembers) throws IOException {
        configure(entries, dataMembers, AT_ONCE);
    }

    /// @param lifecycle how they end, as in `gateway.yaml`
    void configure(List<CallersFile.Entry> entries, int dataMembers, String lifecycle) throws IOException {
        var callers = CallersFile.write(folder.resolve("callers.yaml"), entries).toAbsolutePath();
        for (var replica : replicas) {
            replica.configure(callers, cluster(replica, dataMembers), lifecycle);
        }
    }

    private String cluster(Replica replica, int dataMembers) {
        if (!sabotage.isClustered()) {
            return "{ mode: single }";
        }
        var members = replicas.stream().map(this::member).collect(Collectors.joining(", ", "[", "]"));
        var own = member(replica).split(":", -1);
        return "{ mode: tcp, host: " + own[0] + ", port: " + own[1] + ", members: " + members + ", data_members: "
                + dataMembers + " }";
    }

    private String member(Replica replica) {
        var host = network == null ? "127.0.0.1" : network.members(replica.number());
        return host + ":" + memberPorts.get(replica.number() - 1);
    }

    void start(Replica replica) throws IOException {
        var prefix = network == null ? List.<String>of() : network.prefix(replica.number());
        replica.start(prefix, sabotage.main(), environment);
    }

    void start(List<Replica> some) throws IOException {
        for (var replica : some) {
            start(replica);
        }
    }

    /// IOException: one is not ready in time, or has ended.
    void awaitReady(List<Replica> some) throws IOException, InterruptedException {
        for (var replica : some) {
            await(
                    () -> !replica.isAlive() || caller.isReady(replica.admin()),
                    replica + " does not get ready; see its log in " + folder);
            if (!replica.isAlive()) {
                throw new IOException(replica + " has ended: " + replica.lastLine());
            }
        }
    }

    /// What may take a while.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws InterruptedException;
    }

    static void await(Condition condition, String otherwise) throws IOException, InterruptedException {
        long until = System.nanoTime() + TO_BE_READY.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > until) {
                throw new IOException(otherwise);
            }
            Thread.sleep(50);
        }
    }

    /// Counted from 1.
    Replica replica(int number) {
        return replicas.get(number - 1);
    }

    List<Replica> first(int count) {
        return List.copyOf(replicas.subList(0, count));
    }

    List<Replica> alive() {
        return replicas.stream().filter(Replica::isAlive).toList();
    }

    static List<URI> uris(List<Replica> some) {
        return some.stream().map(Replica::uri).toList();
    }

    Network network() {
        if (network == null) {
            throw new IllegalStateException("there is no network that could be cut");
        }
        return network;
    }

    List<Billed> bill() throws IOException {
        var file = folder.resolve("bill");
        return Files.exists(file) ? Billed.read(file) : List.of();
    }

    /// The ids of all events that were delivered, as often as they were.
    List<String> delivered() {
        return sink.events().stream().map(event -> event.path("uuid").asText()).toList();
    }

    boolean keepsBooks() {
        return sabotage.keepsBooks();
    }

    /// All journals' receipts.
    List<Booked> books() {
        if (!keepsBooks()) {
            return List.of();
        }
        return replicas.stream()
                .map(Replica::data)
                .filter(Files::exists)
                .flatMap(data -> Booked.read(data, java.time.Clock.systemUTC()).stream())
                .toList();
    }

    static String sha256(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        replicas.forEach(Replica::close);
        mock.close();
        sink.close();
    }
}
