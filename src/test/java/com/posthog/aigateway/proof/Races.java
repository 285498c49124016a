package com.posthog.aigateway.proof;

import com.posthog.aigateway.call.Money;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Races on three replicas, each with a team of its own and room for exactly k, by chance.
final class Races {

    private static final int REPLICAS = 3;
    private static final Duration ANSWER = Duration.ofSeconds(4);
    private static final Team TASTER = team("race-t000");

    /// One race to be run.
    private record Drawn(Team team, Binding binding, int room) {}

    private Races() {}

    static Team team(String id) {
        return new Team(id, Team.Kind.STRICT, "lifetime", new Money(0));
    }

    static int run(Options options) throws IOException, InterruptedException {
        var folder = Files.createDirectories(options.folder());
        try (var caller = new Caller();
                var town = new Town(folder, options.sabotage(), null, caller, REPLICAS)) {
            var takes = taste(town, caller, REPLICAS, REPLICAS);
            System.out.println("one call takes " + Figures.usd(takes.nanos()) + " and " + takes.tokens() + " tokens");
            var drawn = draw(options.seed(), options.seeds());
            town.configure(
                    drawn.stream()
                            .map(race -> race.binding().entry(race.team(), race.room(), takes))
                            .toList(),
                    REPLICAS);
            town.start(town.first(REPLICAS));
            town.awaitReady(town.first(REPLICAS));
            awaitLedger(caller, town.first(REPLICAS), drawn.getFirst().team());
            return options.sabotage().code(race(drawn, takes, town, caller));
        }
    }

    /// Starts the replicas for one call, and ends them; they begin again with nothing.
    static Binding.Takes taste(Town town, Caller caller, int replicas, int dataMembers)
            throws IOException, InterruptedException {
        var wide = Binding.TEAM.entry(TASTER, 1, new Binding.Takes(1_000_000_000, 10));
        town.configure(List.of(wide), dataMembers);
        var all = town.first(replicas);
        town.start(all);
        town.awaitReady(all);
        awaitLedger(caller, all, TASTER);
        var takes = new Race(caller, Town.uris(all), TASTER, Duration.ofSeconds(3)).taste();
        for (var replica : all) {
            replica.process().kill();
            replica.forget();
        }
        // What holds nothing is still given a limit.
        return new Binding.Takes(Math.max(1, takes.nanos()), Math.max(1, takes.tokens()));
    }

    /// A replica may be ready before its ledger is: calls without a budget go on meanwhile.
    static void awaitLedger(Caller caller, List<Replica> all, Team team) throws IOException, InterruptedException {
        for (var replica : all) {
            Town.await(() -> answers(caller, replica, team), "the ledger of " + replica + " cannot be asked");
        }
    }

    private static boolean answers(Caller caller, Replica replica, Team team) throws InterruptedException {
        try {
            return !caller.usage(replica.uri(), team).path("budgets").isEmpty();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static List<Drawn> draw(long seed, int seeds) {
        var drawn = new ArrayList<Drawn>();
        for (int i = 0; i < seeds; i++) {
            var chance = new Random(seed * 1_000 + i);
            var binding = Binding.ALL.get(chance.nextInt(Binding.ALL.size()));
            var id = String.format(Locale.ROOT, "race-%04d", i);
            drawn.add(new Drawn(team(id), binding, 1 + chance.nextInt(binding.most())));
        }
        return drawn;
    }

    private static int race(List<Drawn> drawn, Binding.Takes takes, Town town, Caller caller)
            throws IOException, InterruptedException {
        int failed = 0;
        for (var race : drawn) {
            var gateways = Town.uris(town.first(REPLICAS));
            var wrong = new Race(caller, gateways, race.team(), ANSWER).run(race.room(), takes, Duration.ZERO, town);
            failed += wrong.isEmpty() ? 0 : 1;
            System.out.println(race.team().id() + " room for " + race.room() + " by "
                    + race.binding().name().toLowerCase(Locale.ROOT) + ": "
                    + (wrong.isEmpty() ? "exactly" : "WRONG: " + String.join("; ", wrong)));
        }
        System.out.println(
                failed == 0
                        ? "exactly k admitted in all of " + drawn.size() + " races of " + Race.CALLS + " calls"
                        : "WRONG in " + failed + " of " + drawn.size() + " races");
        return failed;
    }
}
