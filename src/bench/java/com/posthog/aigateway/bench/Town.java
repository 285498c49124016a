package com.posthog.aigateway.bench;

import com.posthog.aigateway.admit.AdmissionBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// All processes of the benchmark, on free ports of this machine, with a folder of their own.
final class Town implements AutoCloseable {

    static final String KEY = "sk-bench-of-this-machine-only";

    /// As `scripts/run` starts the gateway.
    private static final List<String> FLAGS =
            List.of("-XX:+UseG1GC", "-XX:MaxRAMPercentage=60", "--enable-native-access=ALL-UNNAMED");

    private static final List<String> SMALL =
            List.of("-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

    /// The ledger does all its work, and refuses nobody: three accounts, two budgets and limits of each kind.
    private static final String CALLERS = """
            organisations: []
            teams:
              - id: bench
                posthog_team_id: 1
                products: [llm_gateway]
                runaway: { same_body: { times: 1000000, within: 1s },
                  spend: { usd_per_minute: 10000000, times_baseline: 1000000 } }
                budgets:
                  - { scope: team, window: 24h, usd: 10000000, mode: enforce, guarantee: breathing, at_limit: cut }
                limits:
                  - { scope: team, tokens_per_minute: 10000000000, concurrent: 1000000, mode: enforce }
                  - { scope: product, requests_per_minute: 10000000, mode: enforce }
                  - { scope: credential, requests_per_minute: 10000000, mode: enforce }
            credentials:
              - id: bench-key
                sha256: "${env:AIGATEWAY_DEV_KEY_SHA256:}"
                team: bench
                products: [llm_gateway]
                may_name: [user, product]
                models: ["*"]
                cap_usd: 10000000
            """;

    private final Options options;
    private final Path conf;
    private final Path folder;
    private final List<Child> children = new ArrayList<>();
    private final int upstreamPort = Child.freePort();
    private final int sinkPort = Child.freePort();
    private final Child upstream;
    private int started;

    Town(Options options, Path conf, Path folder) throws IOException, InterruptedException {
        this.options = options;
        this.conf = conf;
        this.folder = folder;
        Answers.write(folder.resolve("answers"));
        var callers = Files.writeString(folder.resolve("callers.yaml"), CALLERS);
        Files.writeString(
                folder.resolve("gateway.yaml"),
                "callers: " + callers.toAbsolutePath() + "\nlifecycle: { drain_delay: 0s, drain: 5s }\n");
        int pacedPort = Child.freePort();
        java("paced", SMALL, List.of("-cp", classPath(), PacedUpstream.class.getName(), Integer.toString(pacedPort)))
                .listening(pacedPort);
        java("sink", SMALL, List.of("-jar", options.jar().toString(), "sink", "--port", Integer.toString(sinkPort)))
                .listening(sinkPort);
        upstream = nginx("upstream.conf", upstreamPort, Map.of("@PACED@", Integer.toString(pacedPort)));
    }

    Path folder() {
        return folder;
    }

    int upstreamPort() {
        return upstreamPort;
    }

    Contestant direct() {
        return new Contestant(Contestant.DIRECT, upstreamPort, upstream, null);
    }

    Contestant nginx() throws IOException, InterruptedException {
        int port = Child.freePort();
        var child = nginx("proxy.conf", port, Map.of("@UPSTREAM@", Integer.toString(upstreamPort)));
        return new Contestant(Contestant.NGINX, port, child, null);
    }

    private Child nginx(String template, int port, Map<String, String> values)
            throws IOException, InterruptedException {
        var file = fill(template, port, values);
        return start(template, Map.of(), List.of("nginx", "-p", folder.toString(), "-c", file.toString()))
                .listening(port);
    }

    Contestant haproxy() throws IOException, InterruptedException {
        int port = Child.freePort();
        var file = fill("haproxy.cfg", port, Map.of("@UPSTREAM@", Integer.toString(upstreamPort)));
        var child = start("haproxy", Map.of(), List.of("haproxy", "-db", "-f", file.toString()))
                .listening(port);
        return new Contestant(Contestant.HAPROXY, port, child, null);
    }

    private Path fill(String template, int port, Map<String, String> values) throws IOException {
        var text = Files.readString(conf.resolve(template))
                .replace("@FOLDER@", folder.toString())
                .replace("@PORT@", Integer.toString(port));
        for (var value : values.entrySet()) {
            text = text.replace(value.getKey(), value.getValue());
        }
        return Files.writeString(folder.resolve(template), text);
    }

    Contestant bare() throws IOException, InterruptedException {
        int port = Child.freePort();
        var child = gateway(port, 0, List.of(), List.of("-cp", classPath(), BareGateway.class.getName()));
        return new Contestant(Contestant.BARE, port, child.listening(port), null);
    }

    Contestant full() throws IOException, InterruptedException {
        int port = Child.freePort();
        return new Contestant(
                Contestant.FULL, port, serve(port, Child.freePort(), List.of()).listening(port), null);
    }

    /// The shipped jar.
    ///
    /// @param flags of Java, beside the usual
    Child serve(int port, int adminPort, List<String> flags) throws IOException {
        var settings = folder.resolve("gateway.yaml").toString();
        return gateway(
                port, adminPort, flags, List.of("-jar", options.jar().toString(), "serve", "--config", settings));
    }

    private Child gateway(int port, int adminPort, List<String> flags, List<String> rest) throws IOException {
        var data = Files.createDirectories(folder.resolve("data" + ++started));
        var all = Stream.of(FLAGS, options.flags(), flags).flatMap(List::stream).toList();
        var address = "http://127.0.0.1:" + upstreamPort;
        var environment = Map.ofEntries(
                Map.entry("AIGATEWAY_PORT", Integer.toString(port)),
                Map.entry("AIGATEWAY_ADMIN_PORT", Integer.toString(adminPort)),
                Map.entry("AIGATEWAY_DATA", data.toString()),
                Map.entry("AIGATEWAY_DEV_KEY_SHA256", digest()),
                Map.entry("AIGATEWAY_OPENAI_URL", address),
                Map.entry("AIGATEWAY_ANTHROPIC_URL", address),
                Map.entry("OPENAI_API_KEY", "bench"),
                Map.entry("ANTHROPIC_API_KEY", "bench"),
                Map.entry("POSTHOG_HOST", "http://127.0.0.1:" + sinkPort),
                Map.entry("POSTHOG_PROJECT_TOKEN", "phc_dev"),
                Map.entry("ROCKSDB_SHAREDLIB_DIR", data.toString()));
        return start("gateway" + started, environment, java(all, rest));
    }

    private static String digest() {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// A program of the benchmark's that says something and ends: what it said.
    String say(String name, List<String> arguments, Duration within) throws IOException, InterruptedException {
        var program = benchmark(name, arguments);
        if (program.exit(within) != 0) {
            throw new IOException(name + " failed; it said:\n" + Files.readString(folder.resolve(name + ".log")));
        }
        return Files.readString(folder.resolve(name + ".log"));
    }

    /// The ledger's own program, as a process with the flags of a gateway.
    Child benchmark(String name, List<String> arguments) throws IOException {
        var flags = Stream.concat(FLAGS.stream(), options.flags().stream()).toList();
        var rest = Stream.concat(Stream.of("-cp", classPath(), AdmissionBench.class.getName()), arguments.stream())
                .toList();
        return start(name, Map.of(), java(flags, rest));
    }

    private String classPath() {
        return options.classes() + ":" + options.jar();
    }

    private Child java(String name, List<String> flags, List<String> rest) throws IOException {
        return start(name, Map.of(), java(flags, rest));
    }

    private static List<String> java(List<String> flags, List<String> rest) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.of(List.of(java), flags, rest).flatMap(List::stream).toList();
    }

    Child start(String name, Map<String, String> environment, List<String> command) throws IOException {
        var child = Child.start(folder.resolve(name + ".log"), environment, command);
        children.add(child);
        return child;
    }

    @Override
    public void close() {
        children.reversed().forEach(Child::close);
    }
}
