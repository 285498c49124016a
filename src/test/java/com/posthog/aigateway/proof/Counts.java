package com.posthog.aigateway.proof;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A limit admits the same with one, two, three and five replicas, and while one joins and leaves.
final class Counts {

    private static final Duration ANSWER = Duration.ofSeconds(4);
    private static final Duration WHILE_ONE_JOINS = Duration.ofSeconds(25);
    private static final List<Integer> REPLICAS = List.of(1, 2, 3, 5);
    private static final Map<Binding, Integer> ROOM =
            Map.of(Binding.TEAM, 50, Binding.REQUESTS, 10, Binding.CONCURRENT, 30);

    private Counts() {}

    static int run(Options options) throws IOException, InterruptedException {
        int failed = 0;
        for (int replicas : REPLICAS) {
            failed += count(options, replicas, false);
        }
        failed += count(options, 3, true);
        System.out.println(failed == 0 ? "the same with any number of replicas" : "WRONG " + failed + " times");
        return options.sabotage().code(failed);
    }

    private static int count(Options options, int replicas, boolean joins) throws IOException, InterruptedException {
        var folder = options.folder().resolve("with-" + replicas + (joins ? "-joined" : ""));
        int dataMembers = replicas < 3 ? 1 : 3;
        int failed = 0;
        try (var caller = new Caller();
                var town = new Town(folder, options.sabotage(), null, caller, replicas + (joins ? 1 : 0))) {
            var takes = Races.taste(town, caller, replicas, dataMembers);
            town.configure(
                    ROOM.entrySet().stream()
                            .map(room -> room.getKey().entry(team(room.getKey()), room.getValue(), takes))
                            .toList(),
                    dataMembers);
            town.start(town.first(replicas));
            town.awaitReady(town.first(replicas));
            Races.awaitLedger(caller, town.first(replicas), team(Binding.TEAM));
            for (var room : ROOM.entrySet()) {
                var wrong = joins && room.getKey() != Binding.REQUESTS
                        ? whileOneJoins(town, caller, room.getKey(), replicas, takes)
                        : new Race(caller, Town.uris(town.first(replicas)), team(room.getKey()), ANSWER)
                                .run(room.getValue(), takes, Duration.ZERO, town);
                failed += wrong.isEmpty() ? 0 : 1;
                System.out.println(replicas + " replicas" + (joins ? " and one that joins and leaves" : "")
                        + ", room for "
                        + room.getValue() + " by " + room.getKey().name().toLowerCase(Locale.ROOT) + ": "
                        + (wrong.isEmpty() ? "exactly" : "WRONG: " + String.join("; ", wrong)));
            }
        }
        return failed;
    }

    /// The calls come over some seconds, in which one more replica starts and stops.
    private static List<String> whileOneJoins(
            Town town, Caller caller, Binding binding, int replicas, Binding.Takes takes)
            throws IOException, InterruptedException {
        var joining = Thread.startVirtualThread(() -> joinAndLeave(town, town.replica(replicas + 1)));
        var wrong = new Race(caller, Town.uris(town.first(replicas)), team(binding), WHILE_ONE_JOINS)
                .run(ROOM.getOrDefault(binding, 0), takes, WHILE_ONE_JOINS.dividedBy(2), town);
        joining.join();
        return wrong;
    }

    private static void joinAndLeave(Town town, Replica replica) {
        try {
            town.start(replica);
            town.awaitReady(List.of(replica));
            replica.process().terminate();
            var _ = replica.process().exit(Duration.ofSeconds(60));
        } catch (IOException e) {
            System.out.println("note: the joining replica: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Team team(Binding binding) {
        return Races.team("race-" + binding.name().toLowerCase(Locale.ROOT).substring(0, 4));
    }
}
