package com.posthog.aigateway.proof;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Many callers at once, each with one call after the other, spread over the replicas that a balancer would choose.
final class Crowd {

    private static final long AFTER_A_NO = 60;
    private static final long AFTER_NOBODY = 250;
    private static final long TO_END_SECONDS = 90;

    /// Longer than data members need to come back, and nearly as dear as what is held for it.
    private static final Profile.Row LATE = new Profile.Row(
            Team.Kind.TIGHT, 1, Profile.Shape.MESSAGES, false, 200, 3_000, 0, "words=20,reasoning=2980,delay=25s", "");

    private final Caller caller;
    private final Profile profile;
    private final List<Team> teams;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile List<URI> gateways;
    private volatile boolean over;

    Crowd(Caller caller, Profile profile, List<Team> teams, List<URI> gateways) {
        this.caller = caller;
        this.profile = profile;
        this.teams = List.copyOf(teams);
        this.gateways = List.copyOf(gateways);
    }

    void gather(int callers, long seed) {
        for (int i = 0; i < callers; i++) {
            var chance = new Random(seed * 1_000 + i);
            threads.add(Thread.startVirtualThread(() -> askOn(chance)));
        }
    }

    private void askOn(RandomGenerator chance) {
        try {
            while (!over) {
                var outcome = askOne(chance);
                outcomes.add(outcome);
                if (outcome.status() != 200) {
                    Thread.sleep(outcome.status() == 0 ? AFTER_NOBODY : AFTER_A_NO);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Outcome askOne(RandomGenerator chance) throws InterruptedException {
        var team = teams.get(chance.nextInt(teams.size()));
        var row = profile.draw(team.kind(), chance);
        var known = gateways;
        var gateway = known.get(chance.nextInt(known.size()));
        inFlight.incrementAndGet();
        try {
            return caller.ask(gateway, team, team.mark(calls.incrementAndGet()), row, Map.of());
        } finally {
            inFlight.decrementAndGet();
        }
    }

    /// So many calls of each of these teams that are answered late, at these gateways.
    void askLate(List<Team> some, List<URI> gateways, int each) {
        for (var team : some) {
            for (int i = 0; i < each; i++) {
                var gateway = gateways.get(i % gateways.size());
                threads.add(Thread.startVirtualThread(() -> askLate(team, gateway)));
            }
        }
    }

    private void askLate(Team team, URI gateway) {
        inFlight.incrementAndGet();
        try {
            outcomes.add(caller.ask(gateway, team, team.mark(calls.incrementAndGet()), LATE, Map.of()));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            inFlight.decrementAndGet();
        }
    }

    /// What the balancer knows to be there, from now on.
    void turnTo(List<URI> gateways) {
        this.gateways = List.copyOf(gateways);
    }

    int inFlight() {
        return inFlight.get();
    }

    /// Lets all calls end. Answers what the callers were told.
    List<Outcome> disperse() throws InterruptedException {
        over = true;
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(TO_END_SECONDS);
        for (var thread : threads) {
            if (!thread.join(java.time.Duration.ofNanos(Math.max(1, until - System.nanoTime())))) {
                thread.interrupt();
            }
        }
        return List.copyOf(outcomes);
    }
}
