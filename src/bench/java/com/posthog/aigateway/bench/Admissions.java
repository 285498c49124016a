package com.posthog.aigateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How long one caller waits for the ledger: with three members of it in processes of their own, and with one alone.
final class Admissions {

    static final String THREE = "3 members";
    static final String ONE = "1 member";

    static final String ENTER = "admission p50 us";
    static final String ENTER_P99 = "admission p99 us";
    static final String HERE = "admission p50 us, held by this member";
    static final String THERE = "admission p50 us, held by another";
    static final String SETTLE = "settle p50 us";
    static final String SETTLE_P99 = "settle p99 us";

    private static final List<String> MEASURES = List.of(ENTER, ENTER_P99, HERE, THERE, SETTLE, SETTLE_P99);
    private static final int MEMBERS = 3;
    private static final Duration TO_JOIN = Duration.ofMinutes(2);

    private Admissions() {}

    static void measure(Town town, Options options, Samples samples) throws IOException, InterruptedException {
        note(town.say("alone", arguments(town, options, "alone", ""), patience(options)), ONE, samples);
        var ports = ports();
        var others = new ArrayList<Child>();
        try {
            for (int place = 1; place < MEMBERS; place++) {
                others.add(town.benchmark("member" + place, arguments(town, options, "member" + place, ports)));
            }
            note(town.say("member0", arguments(town, options, "member0", ports), patience(options)), THREE, samples);
        } finally {
            others.forEach(Child::close);
        }
    }

    private static List<String> arguments(Town town, Options options, String name, String ports) {
        return List.of(
                town.folder().resolve("ledger-" + name).toString(),
                name,
                ports,
                Long.toString(options.warm().toSeconds()),
                Integer.toString(options.rounds()),
                Long.toString(options.each().toSeconds()));
    }

    private static String ports() {
        return IntStream.range(0, MEMBERS)
                .mapToObj(_ -> Integer.toString(Child.freePort()))
                .collect(Collectors.joining(","));
    }

    private static Duration patience(Options options) {
        return TO_JOIN.plus(options.warm()).plus(options.each().multipliedBy(options.rounds()));
    }

    /// A line for each round: `figures`, then a number for each measure.
    private static void note(String said, String contestant, Samples samples) throws IOException {
        var rounds = said.lines().filter(line -> line.startsWith("figures ")).toList();
        if (rounds.isEmpty()) {
            throw new IOException("no admission was measured: " + said);
        }
        for (var round : rounds) {
            var figures = round.split(" ", -1);
            for (int i = 0; i < MEASURES.size(); i++) {
                samples.add(MEASURES.get(i), contestant, Double.parseDouble(figures[i + 1]));
            }
        }
    }
}
