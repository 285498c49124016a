package com.posthog.aigateway.proof;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One fault while callers ask: what is done to the replicas, as a balancer sees it, and what is noted meanwhile.
final class Scene {

    private static final Duration TO_LEAVE = Duration.ofSeconds(75);
    private static final long BALANCER_NOTICES = 500;

    private final Town town;
    private final Crowd crowd;
    private final Caller caller;
    private final List<Team> teams;
    private final boolean brief;
    private final List<String> problems = new ArrayList<>();
    private long absent;
    private long struckAt;

    Scene(Town town, Crowd crowd, Caller caller, List<Team> teams, boolean brief) {
        this.town = town;
        this.crowd = crowd;
        this.caller = caller;
        this.teams = teams;
        this.brief = brief;
        struck();
    }

    boolean isShort() {
        return brief;
    }

    /// The moment at which it happens.
    void struck() {
        struckAt = Clock.systemUTC().millis();
    }

    long struckAt() {
        return struckAt;
    }

    List<Replica> only(int... numbers) {
        return Arrays.stream(numbers).mapToObj(town::replica).toList();
    }

    void pause(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    void killAll(List<Replica> some) throws InterruptedException {
        some.forEach(replica -> replica.process().shoot());
        for (var replica : some) {
            replica.process().kill();
        }
        Thread.sleep(BALANCER_NOTICES);
        turnToLiving();
    }

    void comeBack(List<Replica> some) throws IOException, InterruptedException {
        town.start(some);
        town.awaitReady(some);
        turnToLiving();
    }

    /// As a rolling update stops it: no new calls, then the signal.
    void leave(List<Replica> some) throws IOException, InterruptedException {
        for (var replica : some) {
            crowd.turnTo(Town.uris(
                    town.alive().stream().filter(one -> one != replica).toList()));
            replica.process().terminate();
            int code = replica.process().exit(TO_LEAVE);
            if (code != 0) {
                problems.add(replica + " ended with " + code + " when it was told to stop");
            }
        }
    }

    void leaveTogether(List<Replica> some) throws IOException, InterruptedException {
        some.forEach(replica -> replica.process().terminate());
        for (var replica : some) {
            int code = replica.process().exit(TO_LEAVE);
            if (code != 0) {
                problems.add(replica + " ended with " + code + " when all were told to stop");
            }
        }
    }

    void freeze(int number, Duration time) throws IOException, InterruptedException {
        var frozen = town.replica(number);
        frozen.process().freeze();
        try {
            Thread.sleep(BALANCER_NOTICES);
            crowd.turnTo(
                    Town.uris(town.alive().stream().filter(one -> one != frozen).toList()));
            Thread.sleep(time);
        } finally {
            frozen.process().thaw();
        }
        lookForAbsent();
        town.awaitReady(List.of(frozen));
        turnToLiving();
    }

    /// Each of these is alone for that time.
    void cutOff(Duration time, int... numbers) throws IOException, InterruptedException {
        for (int number : numbers) {
            town.network().cut(number);
        }
        try {
            Thread.sleep(time);
        } finally {
            for (int number : numbers) {
                town.network().heal(number);
            }
        }
        town.awaitReady(town.alive());
        // Whoever was alone may need a while to find the others again.
        Thread.sleep(Duration.ofSeconds(20));
        town.awaitReady(town.alive());
    }

    private void turnToLiving() {
        var living = Town.uris(town.alive());
        if (!living.isEmpty()) {
            crowd.turnTo(living);
        }
    }

    /// So many calls of a team of its own that are open for longer than the fault lasts.
    void askLate(List<Replica> some, int calls) {
        var late = teams.stream().filter(Team::isLate).toList();
        crowd.askLate(late, Town.uris(some), calls);
    }

    /// What is held for processes that are gone.
    void lookForAbsent() throws InterruptedException {
        long sum = 0;
        for (var team : teams) {
            try {
                var gateway = town.alive().getFirst().uri();
                sum += Standing.of(team, caller.usage(gateway, team)).absent();
            } catch (IOException | IllegalArgumentException unknown) {
                // Without quorum nobody knows; it is looked for where somebody does.
            }
        }
        absent = Math.max(absent, sum);
    }

    long absent() {
        return absent;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }
}
