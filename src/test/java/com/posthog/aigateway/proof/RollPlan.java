package com.posthog.aigateway.proof;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/// How large a rolling restart is, and what is asked meanwhile.
///
/// @param streams how many are open at any time, each of `stream` length
/// @param between two new calls
/// @param delay how long a replica that leaves still serves, and `drain` how long its calls may run after that
/// @param room how many calls a budget has room for, `places` how many may run at once, `rate` how many may come in a
/// minute
/// @param calm how long nothing is done at first, for comparison
/// @param late how old a slow balancer's view of the replicas may be: longer than the delay
record RollPlan(
        Path folder,
        int streams,
        Duration stream,
        Duration between,
        Duration delay,
        Duration drain,
        int room,
        int places,
        int rate,
        Duration calm,
        Duration late) {

    static final int REPLICAS = 3;

    static RollPlan full(Path folder) {
        return new RollPlan(
                folder,
                200,
                Duration.ofSeconds(60),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                Duration.ofMinutes(2),
                150,
                12,
                120,
                Duration.ofSeconds(15),
                Duration.ofSeconds(75));
    }

    static RollPlan brief(Path folder) {
        return new RollPlan(
                folder,
                20,
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                25,
                6,
                120,
                Duration.ofSeconds(2),
                Duration.ofSeconds(10));
    }

    /// IllegalArgumentException: with what is wrong.
    static RollPlan parse(String... arguments) {
        var words = new ArrayDeque<>(List.of(arguments));
        var folder = Path.of(words.removeFirst());
        var plan = full(folder);
        while (!words.isEmpty()) {
            var word = words.removeFirst();
            if (!word.equals("--short")) {
                throw new IllegalArgumentException("unknown option: " + word + "; there is --short");
            }
            plan = brief(folder);
        }
        return plan;
    }

    String lifecycle() {
        return "{ drain_delay: " + delay.toSeconds() + "s, drain: " + drain.toSeconds() + "s }";
    }
}
