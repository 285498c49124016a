package com.posthog.aigateway.proof;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Proves that money adds up while replicas are killed, stopped, frozen and cut off. Ends with 0 when everything is as
/// it must be; of a sabotage, when it was seen.
final class ProveMoney {

    private static final Duration AT_REST = Duration.ofSeconds(6);
    private static final Duration AT_REST_AT_ONCE = Duration.ofMillis(1_500);
    private static final Duration FOR_A_SLOW_MACHINE = Duration.ofSeconds(60);
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(2);
    private static final Duration SETTLES_ON_A_SLOW_MACHINE = Duration.ofSeconds(10);
    private static final int LEAST_IN_FLIGHT = 20;
    private static final int DATA_MEMBERS = 3;
    private static final int MOST = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Options options;
    private final PrintStream out;
    private final Path folder;
    private final Caller caller = new Caller();
    private final Profile profile;

    private ProveMoney(Options options, PrintStream out) throws IOException {
        this.options = options;
        this.out = out;
        this.folder = Files.createDirectories(options.folder());
        this.profile = Profile.committed();
    }

    static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException | NoSuchElementException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        int code = switch (options.mode()) {
            case FAULTS -> run(options, System.out);
            case RACES -> Races.run(options);
            case REPLICAS -> Counts.run(options);
        };
        System.exit(code);
    }

    /// Faults, and in the short form a few races. Answers the code that `main` ends with.
    static int run(Options options, PrintStream out) throws IOException, InterruptedException {
        return new ProveMoney(options, out).run();
    }

    private int run() throws IOException, InterruptedException {
        out.println("seed " + options.seed() + ", " + options.callers() + " callers, sabotage "
                + options.sabotage().word());
        try (var network = network();
                caller;
                var town = new Town(folder, options.sabotage(), network, caller, MOST)) {
            var faults = possible(network);
            town.configure(entries(faults), DATA_MEMBERS);
            town.start(town.first(DATA_MEMBERS));
            town.awaitReady(town.first(DATA_MEMBERS));
            return options.sabotage() == Sabotage.NONE ? prove(town, faults) : detect(town, faults);
        }
    }

    private List<CallersFile.Entry> entries(List<Fault> faults) {
        var ofFaults = faults.stream().flatMap(fault -> fault.teams().stream()).map(CallersFile::of);
        return Stream.concat(ofFaults, races() ? QuickRaces.entries() : Stream.empty())
                .toList();
    }

    private boolean races() {
        return options.brief() && options.sabotage() == Sabotage.NONE;
    }

    /// Null where none is needed, or none is allowed.
    private @Nullable Network network() throws InterruptedException {
        if (options.faults().stream().noneMatch(Fault::needsNetwork)) {
            return null;
        }
        try {
            return Network.open(MOST);
        } catch (IOException e) {
            out.println("no network namespaces here: " + e.getMessage());
            return null;
        }
    }

    private List<Fault> possible(@Nullable Network network) {
        var possible = new ArrayList<Fault>();
        for (var fault : options.faults()) {
            if (fault.needsNetwork() && network == null) {
                out.println("SKIPPED " + fault.word() + ": it needs network namespaces");
            } else {
                possible.add(fault);
            }
        }
        return possible;
    }

    private int prove(Town town, List<Fault> faults) throws IOException, InterruptedException {
        var failed = new ArrayList<String>();
        for (var fault : faults) {
            if (!play(town, fault).isEmpty()) {
                failed.add(fault.word());
            }
        }
        if (races() && !new QuickRaces(town, caller, DATA_MEMBERS, out).run(options.seed())) {
            failed.add("races");
        }
        out.println(
                failed.isEmpty()
                        ? "the money adds up under all of " + faults.size() + " faults"
                                + (races() ? ", and in races" : "")
                        : "THE MONEY DOES NOT ADD UP under " + String.join(", ", failed));
        return failed.isEmpty() ? 0 : 1;
    }

    private int detect(Town town, List<Fault> faults) throws IOException, InterruptedException {
        for (var fault : faults) {
            var wrong = play(town, fault);
            if (!wrong.isEmpty()) {
                out.println("sabotage detected: " + options.sabotage().word() + " under " + fault.word() + ": "
                        + String.join("; ", wrong));
                return 0;
            }
        }
        out.println("SABOTAGE NOT DETECTED: " + options.sabotage().word());
        return 1;
    }

    /// Answers what went wrong with the money. IOException: the proof itself cannot go on.
    private List<String> play(Town town, Fault fault) throws IOException, InterruptedException {
        var teams = fault.teams();
        var crowd = new Crowd(
                caller, profile, teams.stream().filter(team -> !team.isLate()).toList(), Town.uris(town.alive()));
        crowd.gather(options.callers(), options.seed());
        List<Outcome> outcomes;
        Scene scene;
        try {
            Thread.sleep(Duration.ofSeconds(options.brief() ? 2 : 8));
            Town.await(() -> crowd.inFlight() >= LEAST_IN_FLIGHT, "fewer than 20 calls in flight");
            scene = new Scene(town, crowd, caller, teams, options.brief());
            fault.strike(scene);
            Thread.sleep(Duration.ofSeconds(options.brief() ? 2 : 8));
        } finally {
            outcomes = crowd.disperse();
        }
        awaitBill(town);
        awaitRest(town, teams);
        return judge(town, fault, scene, outcomes);
    }

    private static void awaitBill(Town town) throws IOException, InterruptedException {
        for (int i = 0; i < 300 && town.bill().stream().anyMatch(billed -> !billed.over()); i++) {
            Thread.sleep(100);
        }
    }

    /// In the short form no longer than it takes, and as long as a slow machine needs.
    private void awaitRest(Town town, List<Team> teams) throws InterruptedException {
        if (!options.brief()) {
            Thread.sleep(AT_REST);
            return;
        }
        Thread.sleep(AT_REST_AT_ONCE);
        long until = System.nanoTime() + FOR_A_SLOW_MACHINE.toNanos();
        while (!isAtRest(town, teams) && System.nanoTime() < until) {
            Thread.sleep(100);
        }
    }

    private boolean isAtRest(Town town, List<Team> teams) throws InterruptedException {
        try {
            for (var team : teams) {
                if (standing(town, team).held() != 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException | IllegalArgumentException notYet) {
            return false;
        }
    }

    private Standing standing(Town town, Team team) throws IOException, InterruptedException {
        return Standing.of(team, caller.usage(town.alive().getFirst().uri(), team));
    }

    private List<String> judge(Town town, Fault fault, Scene scene, List<Outcome> outcomes)
            throws IOException, InterruptedException {
        var teams = fault.teams();
        var problems = new ArrayList<>(scene.problems());
        var standings = new ArrayList<Standing>();
        for (var team : teams) {
            try {
                standings.add(standing(town, team));
            } catch (IOException | IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        var bill = town.bill();
        var evidence = new Evidence(
                teams,
                outcomes,
                bill,
                town.keepsBooks(),
                town.books(),
                standings,
                scene.absent(),
                options.brief() ? SETTLES_ON_A_SLOW_MACHINE : SETTLES_WITHIN);
        int inFlight = inFlight(bill, scene.struckAt());
        if (inFlight < LEAST_IN_FLIGHT) {
            out.println("note: only " + inFlight + " calls were with the provider at the fault");
        }
        var figures = Checker.check(evidence).at(inFlight);
        keep(fault, evidence, figures);
        out.println(fault.word() + ":");
        figures.lines().forEach(out::println);
        var wrong = Stream.concat(figures.wrong().stream(), problems.stream()).toList();
        out.println(wrong.isEmpty() ? "  all as it must be" : "  WRONG: " + String.join("; ", wrong));
        return wrong;
    }

    private static int inFlight(List<Billed> bill, long at) {
        return Math.toIntExact(bill.stream()
                .filter(billed -> billed.begun() <= at && billed.ended() >= at)
                .count());
    }

    /// For whoever wants to look closer.
    private void keep(Fault fault, Evidence evidence, Figures figures) throws IOException {
        var part = Files.createDirectories(folder.resolve(fault.word()));
        lines(part.resolve("outcomes.jsonl"), evidence.outcomes());
        lines(
                part.resolve("bill.jsonl"),
                evidence.bill().stream()
                        .filter(billed -> billed.team().startsWith(fault.word() + "-"))
                        .toList());
        lines(
                part.resolve("books.jsonl"),
                evidence.books().stream()
                        .filter(booked -> Team.of(booked.mark()).startsWith(fault.word() + "-"))
                        .toList());
        lines(part.resolve("standings.jsonl"), evidence.standings());
        Files.write(part.resolve("figures.txt"), figures.lines());
    }

    private static void lines(Path file, List<? extends Record> rows) throws IOException {
        var text = new ArrayList<String>();
        for (var row : rows) {
            text.add(JSON.writeValueAsString(row));
        }
        Files.write(file, text);
    }
}
