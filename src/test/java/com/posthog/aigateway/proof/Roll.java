package com.posthog.aigateway.proof;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;

/// Rolls three replicas, one after another, while calls are open and new ones come, and says what happened. Ends with 0
/// when every promise was kept.
final class Roll {

    private static final Duration PROMPTLY = Duration.ofMillis(200);
    private static final Duration BETWEEN_REPLICAS = Duration.ofSeconds(1);
    private static final Duration FOR_A_SLOW_MACHINE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RollPlan plan;
    private final PrintStream out;
    private final Caller caller = new Caller();

    private Roll(RollPlan plan, PrintStream out) {
        this.plan = plan;
        this.out = out;
    }

    static void main(String[] arguments) throws Exception {
        RollPlan plan;
        try {
            plan = RollPlan.parse(arguments);
        } catch (IllegalArgumentException | NoSuchElementException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(run(plan, System.out));
    }

    /// The code that `main` ends with. IOException: a replica does not start, or does not leave.
    static int run(RollPlan plan, PrintStream out) throws IOException, InterruptedException {
        return new Roll(plan, out).run();
    }

    private int run() throws IOException, InterruptedException {
        out.println("Rolling " + RollPlan.REPLICAS + " replicas, one after another, with " + plan.streams()
                + " streams of about " + plan.stream().toSeconds() + " s open, and "
                + Duration.ofSeconds(1).dividedBy(plan.between()) + " new calls a second.");
        try (caller;
                var town = new Town(plan.folder(), Sabotage.NONE, null, caller, RollPlan.REPLICAS)) {
            town.configure(RollTeams.entries(plan), RollPlan.REPLICAS, plan.lifecycle());
            town.start(town.first(RollPlan.REPLICAS));
            town.awaitReady(town.first(RollPlan.REPLICAS));
            var evidence = roll(town, town.first(RollPlan.REPLICAS));
            var report = new RollReport(evidence);
            report.lines().forEach(out::println);
            keep(evidence, report);
            var wrong = report.wrong();
            out.println(
                    wrong.isEmpty()
                            ? "Every promise was kept."
                            : "BROKEN PROMISES: " + String.join("; ", wrong) + ". Logs are in " + plan.folder());
            return wrong.isEmpty() ? 0 : 1;
        }
    }

    private RollEvidence roll(Town town, List<Replica> replicas) throws IOException, InterruptedException {
        try (var client = new RollClient();
                var prompt = new Balancer(caller, replicas, PROMPTLY);
                var slow = new Balancer(caller, replicas, plan.late())) {
            var crowd = new RollCrowd(plan, client, prompt, slow);
            var budget = new RollBudget(town, caller, crowd, replicas);
            Races.awaitLedger(caller, replicas, RollTeams.COUNTED);
            budget.narrow(plan.room());
            crowd.gather();
            List<Departure> departures;
            long begun;
            try {
                Town.await(() -> client.streams() >= plan.streams() * 9 / 10, "the streams do not begin");
                begun = Clock.systemUTC().millis();
                Thread.sleep(plan.calm());
                departures = new Roller(town, caller, plan).rollAll(replicas, BETWEEN_REPLICAS);
                Thread.sleep(BETWEEN_REPLICAS);
            } finally {
                crowd.disperse(plan.stream().plus(FOR_A_SLOW_MACHINE));
            }
            budget.exhaust();
            budget.awaitRest(RollTeams.all());
            awaitEvents(town, crowd);
            return evidence(town, crowd, budget, begun, departures);
        }
    }

    private static void awaitEvents(Town town, RollCrowd crowd) throws InterruptedException {
        long served = crowd.made().stream().filter(RollCall::isServed).count();
        try {
            Town.await(() -> new HashSet<>(town.delivered()).size() >= served, "some events do not come");
        } catch (IOException missing) {
            // The report says how many.
        }
    }

    private RollEvidence evidence(Town town, RollCrowd crowd, RollBudget budget, long begun, List<Departure> departures)
            throws IOException, InterruptedException {
        var standings = new ArrayList<Standing>();
        for (var team : RollTeams.all()) {
            standings.add(budget.standing(town.replica(1), team));
        }
        return new RollEvidence(
                plan, begun, crowd.made(), town.bill(), town.books(), town.delivered(), standings, departures);
    }

    /// For whoever wants to look closer.
    private void keep(RollEvidence evidence, RollReport report) throws IOException {
        Files.write(plan.folder().resolve("report.txt"), report.lines());
        lines(plan.folder().resolve("calls.jsonl"), evidence.calls());
        lines(plan.folder().resolve("departures.jsonl"), evidence.departures());
    }

    private static void lines(Path file, List<? extends Record> rows) throws IOException {
        var text = new ArrayList<String>();
        for (var row : rows) {
            text.add(JSON.writeValueAsString(row));
        }
        Files.write(file, text);
    }
}
