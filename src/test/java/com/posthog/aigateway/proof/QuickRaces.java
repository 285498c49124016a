package com.posthog.aigateway.proof;

import com.posthog.aigateway.call.Money;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A few races on replicas that run already: what one call holds is seen there, and operators then set the narrow
/// limit. A race that the machine is too slow for is run again, with later answers, so that no speed decides.
final class QuickRaces {

    private static final List<Binding> RACES = List.of(Binding.TEAM, Binding.CONCURRENT, Binding.TEAM);
    private static final List<Duration> ANSWERS =
            List.of(Duration.ofSeconds(3), Duration.ofSeconds(9), Duration.ofSeconds(27));
    private static final int MOST_ROOM = 100;
    private static final String WINDOW = "lifetime";
    private static final String WIDE_USD = "1000";
    private static final Team TASTER = Races.team("race-t000");

    private final Town town;
    private final Caller caller;
    private final List<Replica> replicas;
    private final List<URI> gateways;
    private final PrintStream out;

    QuickRaces(Town town, Caller caller, int replicas, PrintStream out) {
        this.town = town;
        this.caller = caller;
        this.replicas = town.first(replicas);
        this.gateways = Town.uris(this.replicas);
        this.out = out;
    }

    /// The teams of all races, each with room for everybody until it is made narrow.
    static Stream<CallersFile.Entry> entries() {
        var racers = IntStream.range(0, RACES.size())
                .boxed()
                .flatMap(race -> IntStream.range(0, ANSWERS.size()).mapToObj(attempt -> team(race, attempt)));
        return Stream.concat(Stream.of(TASTER), racers).map(QuickRaces::wide);
    }

    private static Team team(int race, int attempt) {
        return Races.team(String.format(Locale.ROOT, "race-%d%03d", race, attempt));
    }

    private static CallersFile.Entry wide(Team team) {
        return new CallersFile.Entry(
                team,
                List.of(CallersFile.budget("team", WINDOW, WIDE_USD, Team.Kind.STRICT)),
                List.of(Binding.limit("requests_per_minute", Binding.WIDE), Binding.limit("concurrent", Binding.WIDE)));
    }

    /// Answers whether exactly as many were admitted as there was room for, in all of them.
    boolean run(long seed) throws IOException, InterruptedException {
        long held = taste();
        if (held == 0) {
            out.println("note: no race was run: this machine is too slow to see what one call holds");
            return true;
        }
        var chance = new Random(seed);
        var wrong = new ArrayList<String>();
        for (int race = 0; race < RACES.size(); race++) {
            wrong.addAll(race(race, 1 + chance.nextInt(MOST_ROOM), held));
        }
        return wrong.isEmpty();
    }

    private long taste() throws IOException, InterruptedException {
        for (var answer : ANSWERS) {
            long held = new Race(caller, gateways, TASTER, answer).held();
            if (held != 0) {
                return held;
            }
        }
        return 0;
    }

    private List<String> race(int number, int room, long held) throws IOException, InterruptedException {
        var binding = RACES.get(number);
        var name = "race of " + Race.CALLS + " calls, room for " + room + " by "
                + binding.name().toLowerCase(Locale.ROOT) + ": ";
        for (int attempt = 0; attempt < ANSWERS.size(); attempt++) {
            var team = team(number, attempt);
            narrow(team, binding, room, held);
            var race = new Race(caller, gateways, team, ANSWERS.get(attempt));
            var wrong = race.run(room, new Binding.Takes(held, 0), Duration.ZERO, town);
            if (race.isFair()) {
                out.println(name + (wrong.isEmpty() ? "exactly" : "WRONG: " + String.join("; ", wrong)));
                return wrong;
            }
        }
        out.println("note: " + name + "this machine is too slow to tell");
        return List.of();
    }

    /// Waits until all replicas know it.
    private void narrow(Team team, Binding binding, int room, long held) throws IOException, InterruptedException {
        var account = "{\"account\":\"team:" + team.id() + "\",";
        var admin = replicas.getFirst().admin();
        if (binding == Binding.CONCURRENT) {
            caller.operate(admin, "/ledger/limits", account + "\"kind\":\"concurrent\",\"limit\":" + room + "}");
        } else {
            var usd = new Money(room * held + held / 2);
            caller.operate(
                    admin, "/ledger/budgets", account + "\"window\":\"" + WINDOW + "\",\"usd\":\"" + usd + "\"}");
        }
        for (var gateway : gateways) {
            Town.await(() -> isNarrow(gateway, team, binding), "an operator's change is not in force at " + gateway);
        }
    }

    private boolean isNarrow(URI gateway, Team team, Binding binding) throws InterruptedException {
        try {
            var usage = caller.usage(gateway, team);
            if (binding != Binding.CONCURRENT) {
                return Standing.of(team, usage).limit() < Money.parse(WIDE_USD).nanos();
            }
            for (var limit : usage.path("limits")) {
                if (limit.path("kind").asText().equals("concurrent")) {
                    return limit.path("limit").asLong() < Binding.WIDE;
                }
            }
            return false;
        } catch (IOException notYet) {
            return false;
        }
    }
}
