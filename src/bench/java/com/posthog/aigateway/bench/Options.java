package com.posthog.aigateway.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/// How much is measured, and for how long.
///
/// @param warm how long each gateway is kept busy before anything is counted
/// @param shapes whether responses and messages are measured beside chat
/// @param onlyAdmissions nothing else is measured
/// @param calls of the long run; 0: none
/// @param flags of Java for our gateways, beside those of `scripts/run`
/// @param report the folder for the table and the figures
record Options(
        int rounds,
        Duration each,
        Duration warm,
        int streams,
        boolean shapes,
        boolean peers,
        boolean onlyAdmissions,
        long calls,
        List<String> flags,
        Path jar,
        Path classes,
        Path report) {

    static Options parse(String... arguments) {
        var words = new ArrayDeque<>(List.of(arguments));
        var jar = Path.of(words.removeFirst());
        var classes = Path.of(words.removeFirst());
        var report = Path.of(words.removeFirst());
        boolean brief = words.remove("--short");
        boolean onlyAdmissions = words.remove("--admissions");
        int rounds = brief ? 2 : 5;
        var each = Duration.ofSeconds(brief ? 1 : 3);
        int streams = brief ? 1_000 : 9_500;
        long calls = 0;
        var flags = List.<String>of();
        boolean peers = false;
        var warm = Duration.ofSeconds(brief ? 8 : 45);
        while (!words.isEmpty()) {
            var word = words.removeFirst();
            switch (word) {
                case "--rounds" -> rounds = Integer.parseInt(words.removeFirst());
                case "--seconds" -> each = Duration.ofSeconds(Long.parseLong(words.removeFirst()));
                case "--warm" -> warm = Duration.ofSeconds(Long.parseLong(words.removeFirst()));
                case "--java" -> flags = List.of(words.removeFirst().split(" ", -1));
                case "--streams" -> streams = Integer.parseInt(words.removeFirst());
                case "--long" -> calls = 1_000_000;
                case "--calls" -> calls = Long.parseLong(words.removeFirst());
                case "--peers" -> peers = true;
                default -> throw new IllegalArgumentException("unknown option: " + word);
            }
        }
        return new Options(
                rounds, each, warm, streams, !brief, peers, onlyAdmissions, calls, flags, jar, classes, report);
    }
}
