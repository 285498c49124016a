package com.posthog.aigateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The whole benchmark: starts everybody, measures round by round, then one by one, and prints one table.
final class Bench {

    private static final List<Workload> CHAT = List.of(Workload.JSON, Workload.BURST);
    private static final List<Workload> OTHERS = List.of(
            Workload.RESPONSES_JSON,
            Workload.RESPONSES_BURST,
            Workload.MESSAGES_JSON,
            Workload.MESSAGES_BURST,
            Workload.LONG_PROMPT);

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    private final Options options;
    private final Town town;
    private final Samples samples = new Samples();
    private final Wrk wrk;
    private final Rounds rounds;

    private Bench(Options options, Town town, Path conf) {
        this.options = options;
        this.town = town;
        this.wrk = new Wrk(conf.resolve("post.lua"), town.folder());
        this.rounds = new Rounds(options, wrk, samples);
    }

    static void main(String[] arguments) throws IOException, InterruptedException {
        var options = Options.parse(arguments);
        var conf = Path.of("src", "bench", "conf").toAbsolutePath();
        var folder =
                Path.of(Optional.ofNullable(System.getProperty("bench.folder")).orElseThrow());
        try (var town = new Town(options, conf, folder)) {
            new Bench(options, town, conf).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        Files.createDirectories(options.report());
        if (!options.onlyAdmissions()) {
            contest();
            say("open streams");
            streams();
            say("start");
            Start.measure(town, options, samples);
        }
        say("admissions");
        Admissions.measure(town, options, samples);
        report();
    }

    private void contest() throws IOException, InterruptedException {
        var direct = town.direct();
        var nginx = town.nginx();
        var haproxy = town.haproxy();
        var bare = town.bare();
        var full = town.full();
        var peers = options.peers()
                ? Peers.start(town, Path.of("target", "peers").toAbsolutePath())
                : List.<Contestant>of();
        for (var contestant : List.of(direct, nginx, haproxy, bare, full)) {
            Rounds.check(contestant, all());
            Rounds.check(contestant, List.of(Workload.PACED));
        }
        say("warming up");
        rounds.warm(bare, options.shapes() ? all() : CHAT);
        rounds.warm(full, options.shapes() ? all() : CHAT);
        for (var peer : peers) {
            rounds.warm(peer, CHAT);
        }
        var everybody = new ArrayList<>(List.of(direct, nginx, haproxy, bare, full));
        everybody.addAll(peers);
        for (int round = 1; round <= options.rounds(); round++) {
            say("round " + round + " of " + options.rounds());
            for (var workload : CHAT) {
                rounds.closedLoop(workload, everybody);
            }
            for (var workload : options.shapes() ? OTHERS : List.<Workload>of()) {
                rounds.closedLoop(workload, List.of(nginx, bare, full));
            }
        }
        for (int round = 1; round <= options.rounds(); round++) {
            say("latency, round " + round);
            rounds.latency(bare, List.of(direct, nginx));
            rounds.latency(full, List.of(direct, nginx));
            rounds.paced(List.of(direct, nginx, bare, full));
        }
        profile(bare);
        profile(full);
        if (options.calls() > 0) {
            say("the long run");
            LongRun.measure(full, options.calls(), samples);
        }
        say("a large body");
        for (var contestant : List.of(bare, full)) {
            LargeBody.measure(contestant, samples);
        }
        peers.forEach(peer -> peer.child().close());
        bare.child().close();
        full.child().close();
        haproxy.child().close();
        openStreams(nginx);
        nginx.child().close();
    }

    private static List<Workload> all() {
        var all = new ArrayList<>(CHAT);
        all.addAll(OTHERS);
        return all;
    }

    private void profile(Contestant contestant) throws IOException, InterruptedException {
        say("profile of " + contestant.name());
        for (var workload : CHAT) {
            var file = options.report().resolve("profile-" + contestant.name() + "-" + workload.name() + ".txt");
            Profile.measure(contestant, workload, wrk, options.each().multipliedBy(3), samples, file);
        }
    }

    private void streams() throws IOException, InterruptedException {
        for (var fresh : List.of(town.bare(), town.full())) {
            openStreams(fresh);
            fresh.child().close();
        }
    }

    private void openStreams(Contestant contestant) throws IOException, InterruptedException {
        samples.add(
                "open streams: RSS MB before",
                contestant.name(),
                contestant.child().residentMb());
        var opened = OpenStreams.measure(contestant, options.streams(), options.report());
        samples.add("open streams", contestant.name(), opened[0]);
        samples.add("open streams: RSS MB", contestant.name(), opened[1]);
        samples.add("open streams: live heap MB", contestant.name(), opened[2]);
    }

    private void report() throws IOException {
        var lines = new ArrayList<String>();
        lines.add("# Benchmark");
        lines.add("");
        lines.add(Runtime.getRuntime().availableProcessors() + " cores, " + memoryGb() + " GB of memory, JDK "
                + Runtime.version() + "; " + options.rounds() + " rounds of "
                + options.each().toSeconds()
                + " s, all on loopback. Medians; least and most in parentheses. CPU is user + system of the process.");
        lines.add("");
        lines.add(
                "Full: each call is entered and settled in the ledger, with three accounts (team, product, credential),"
                        + " a breathing budget of 24 hours, one of a credential's whole life, and limits of requests, tokens and"
                        + " calls at a time; all are enforced, and so wide that they refuse nobody.");
        lines.add("");
        if (options.warm().compareTo(LONG_ENOUGH) < 0) {
            lines.add("The gateways were still being compiled: these figures are not to be quoted.");
            lines.add("");
        }
        lines.addAll(Report.of(samples, options));
        Files.write(options.report().resolve("table.md"), lines);
        Files.write(options.report().resolve("figures.csv"), samples.lines());
        lines.forEach(System.out::println);
    }

    private static long memoryGb() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemTotal:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 20)
                    .sum();
        }
    }

    private static void say(String what) {
        System.out.println("bench: " + what);
    }
}
