package com.posthog.aigateway.bench;

import com.posthog.aigateway.load.Line;
import com.posthog.aigateway.load.Load;
import com.posthog.aigateway.load.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// What is measured round by round, each contestant next to the reference.
record Rounds(Options options, Wrk wrk, Samples samples) {

    static final String CPU = "cpu us: ";
    static final String RATE = "calls/s: ";
    private static final int PACED_A_SECOND = 30;
    private static final int CONNECTIONS = 64;

    /// Everybody must answer before anything counts.
    static void check(Contestant contestant, List<Workload> workloads) throws IOException {
        for (var workload : workloads) {
            var question = workload.question(contestant);
            try (var line = new Line(question.host(), question.port())) {
                int status = line.ask(question.request(), (bytes, from, to, at) -> {});
                if (status != 200) {
                    throw new IOException(contestant.name() + " answers " + status + " to " + workload.name());
                }
            }
        }
    }

    /// The compiler needs long on few cores; nothing counts before it is done.
    void warm(Contestant contestant, List<Workload> workloads) throws IOException, InterruptedException {
        var each = Duration.ofSeconds(Math.max(1, options.warm().toSeconds() / workloads.size()));
        for (var workload : workloads) {
            wrk.run(workload.question(contestant), each);
        }
        contestant.child().restedCpuMicros();
    }

    /// As many calls as can be, at 32 connections.
    void closedLoop(Workload workload, List<Contestant> contestants) throws IOException, InterruptedException {
        for (var contestant : contestants) {
            double before = contestant.child().restedCpuMicros();
            var reached = wrk.run(workload.question(contestant), options.each());
            double after = contestant.child().restedCpuMicros();
            samples.add(CPU + workload.name(), contestant.name(), (after - before) / Math.max(1, reached.requests()));
            samples.add(RATE + workload.name(), contestant.name(), reached.rate());
            if (reached.wrong() > 0) {
                samples.add("wrong: " + workload.name(), contestant.name(), (double) reached.wrong());
                System.out.println(
                        contestant.name() + " answered wrongly: " + reached.wrong() + " x " + workload.name());
            }
        }
    }

    /// At 30 % of what `ours` can bear, open loop; ours beside the upstream itself and the reference.
    void latency(Contestant ours, List<Contestant> references) throws InterruptedException {
        double rate = Math.max(
                10, 0.3 * samples.of(RATE + Workload.JSON.name(), ours.name()).median());
        var of = " at 30% of " + ours.name();
        samples.add("rate" + of, ours.name(), rate);
        for (var reference : references) {
            note(of, reference, load(Workload.JSON, reference, rate));
        }
        note(of, ours, load(Workload.JSON, ours, rate));
    }

    private void note(String of, Contestant contestant, Result result) {
        samples.add("p50 us" + of, contestant.name(), micros(result.latency().p50()));
        samples.add("p99 us" + of, contestant.name(), micros(result.latency().p99()));
        complain(contestant, result);
    }

    /// Streams of 20 events over a second.
    void paced(List<Contestant> contestants) throws InterruptedException {
        for (var contestant : contestants) {
            var result = load(Workload.PACED, contestant, PACED_A_SECOND);
            samples.add(
                    "first byte p50 us",
                    contestant.name(),
                    micros(result.firstByte().p50()));
            samples.add(
                    "event delay p50 us",
                    contestant.name(),
                    micros(result.eventDelay().p50()));
            samples.add(
                    "event delay p99 us",
                    contestant.name(),
                    micros(result.eventDelay().p99()));
            complain(contestant, result);
        }
    }

    private Result load(Workload workload, Contestant contestant, double rate) throws InterruptedException {
        var time = options.each().plusSeconds(1);
        return Load.run(new Load.Plan(workload.question(contestant), rate, time, CONNECTIONS));
    }

    private static void complain(Contestant contestant, Result result) {
        if (!result.errors().isEmpty() || result.unsent() > 0) {
            System.out.println(contestant.name() + ": " + result.errors() + ", never sent " + result.unsent());
        }
    }

    private static double micros(Duration time) {
        return time.toNanos() / 1e3;
    }
}
