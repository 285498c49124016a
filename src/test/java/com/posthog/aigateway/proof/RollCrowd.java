package com.posthog.aigateway.proof;

import com.posthog.aigateway.proof.RollCall.Kind;
import com.posthog.aigateway.proof.RollClient.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Who asks during a rolling restart: streams that are always open, new calls at a fixed rate whatever becomes of the
/// others, and those who ask for more than their limits allow.
final class RollCrowd {

    /// All numbers are of one length, and so all bodies of a kind.
    private static final long FIRST = 1_000_000;

    private static final int SLOW_ONE_IN = 10;
    private static final int COUNTERS = 4;
    private static final int RATERS = 5;
    private static final int MORE_THAN_PLACES = 4;
    private static final Duration PLACE = Duration.ofSeconds(2);
    private static final Duration AT_ONCE = Duration.ofMillis(300);

    private final RollPlan plan;
    private final RollClient client;
    private final Balancer prompt;
    private final Balancer slow;
    private final AtomicLong calls = new AtomicLong(FIRST);
    private final Queue<RollCall> made = new ConcurrentLinkedQueue<>();
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    RollCrowd(RollPlan plan, RollClient client, Balancer prompt, Balancer slow) {
        this.plan = plan;
        this.client = client;
        this.prompt = prompt;
        this.slow = slow;
    }

    void gather() {
        for (int i = 0; i < plan.streams(); i++) {
            var first =
                    plan.stream().multipliedBy(1 + new Random(i).nextInt(100)).dividedBy(100);
            start(() -> streamOn(first));
        }
        for (int i = 0; i < plan.places() + MORE_THAN_PLACES; i++) {
            start(() -> repeat(() -> limited(RollTeams.PLACES, RollTeams.stream(number(), PLACE))));
        }
        for (int i = 0; i < RATERS; i++) {
            start(() -> repeat(() -> limited(RollTeams.RATED, RollTeams.call(1))));
        }
        for (int i = 0; i < COUNTERS; i++) {
            start(() -> repeat(() -> {
                limited(RollTeams.COUNTED, RollTeams.tight(AT_ONCE));
                Thread.sleep(Duration.ofSeconds(1));
            }));
        }
        start(this::arrive);
    }

    private interface Asking {
        void go() throws InterruptedException;
    }

    private void start(Asking asking) {
        threads.add(Thread.startVirtualThread(() -> {
            try {
                asking.go();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private void repeat(Asking asking) throws InterruptedException {
        while (!over) {
            asking.go();
        }
    }

    /// The first is shorter, by chance: so they do not end all at once.
    private void streamOn(Duration first) throws InterruptedException {
        var length = first;
        while (!over) {
            long number = number();
            ask(prompt, wide(number), RollTeams.stream(number, length), Kind.STREAM, number);
            length = plan.stream();
        }
    }

    private void arrive() throws InterruptedException {
        long due = System.nanoTime();
        while (!over) {
            long number = number();
            boolean isSlow = number % SLOW_ONE_IN == 0;
            start(() -> ask(
                    isSlow ? slow : prompt,
                    wide(number),
                    RollTeams.call(number),
                    isSlow ? Kind.NEW_BY_A_SLOW_BALANCER : Kind.NEW,
                    number));
            due += plan.between().toNanos();
            Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
        }
    }

    private RollCall limited(Team team, Profile.Row row) throws InterruptedException {
        return ask(prompt, team, row, Kind.LIMITED, number());
    }

    /// One call that belongs to no crowd.
    RollCall once(Team team, Profile.Row row) throws InterruptedException {
        return limited(team, row);
    }

    private RollCall ask(Balancer balancer, Team team, Profile.Row row, Kind kind, long number)
            throws InterruptedException {
        var call = client.ask(balancer, new Question(team, team.mark(number), row, kind));
        made.add(call);
        return call;
    }

    private static Team wide(long number) {
        return RollTeams.WIDE.get(Math.toIntExact(number % RollTeams.WIDE.size()));
    }

    private long number() {
        return calls.incrementAndGet();
    }

    /// Asks no more, and lets all calls end. IllegalStateException: some do not.
    void disperse(Duration within) throws InterruptedException {
        over = true;
        long until = System.nanoTime() + within.toNanos();
        int stuck = 0;
        for (var thread = threads.poll(); thread != null; thread = threads.poll()) {
            if (!thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())))) {
                thread.interrupt();
                stuck++;
            }
        }
        if (stuck > 0) {
            throw new IllegalStateException(stuck + " calls do not end");
        }
    }

    List<RollCall> made() {
        return new ArrayList<>(made);
    }
}
