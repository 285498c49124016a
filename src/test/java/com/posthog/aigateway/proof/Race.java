package com.posthog.aigateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/// Many calls at one instant, with room for some. Each answers late, so that none is over before all are judged.
final class Race {

    static final int CALLS = 200;

    /// All numbers are of one length, and so all bodies.
    private static final int FIRST = 1_000_000;

    private static final Map<String, String> USER = Map.of("X-PostHog-Distinct-Id", "racer");
    private static final long REFILLS_IN = 60_000;
    private static final long TASTED_WITHIN = 500;

    private final Caller caller;
    private final List<URI> gateways;
    private final Team team;
    private final Duration answer;
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private long looked;
    private long read;
    private boolean fair;

    /// @param answer how late the provider answers
    Race(Caller caller, List<URI> gateways, Team team, Duration answer) {
        this.caller = caller;
        this.gateways = List.copyOf(gateways);
        this.team = team;
        this.answer = answer;
    }

    private Profile.Row row() {
        var directives = "words=5,delay=" + answer.toMillis() + "ms";
        return new Profile.Row(
                Team.Kind.TIGHT, 1, Profile.Shape.CHAT, false, 200, 100, 0, directives, "\"service_tier\":\"default\"");
    }

    /// What one call takes, seen while it is open.
    Binding.Takes taste() throws IOException, InterruptedException {
        long tokens = tokensLeft();
        var one = Thread.startVirtualThread(() -> ask(0, new CountDownLatch(0)));
        var open = caller.usage(gateways.getFirst(), team);
        // At once, before what it takes is there again.
        for (int i = 0; i < 500 && Standing.of(team, open).held() == 0; i++) {
            Thread.sleep(2);
            open = caller.usage(gateways.getFirst(), team);
        }
        long left = left(open, "tokens_per_minute");
        one.join();
        return new Binding.Takes(Standing.of(team, open).held(), Math.max(0, tokens - left));
    }

    /// What one call holds, seen while it is open; 0 where it was over first.
    long held() throws IOException, InterruptedException {
        var one = Thread.startVirtualThread(() -> ask(0, new CountDownLatch(0)));
        long held = 0;
        while (held == 0 && one.isAlive()) {
            held = Standing.of(team, caller.usage(gateways.getFirst(), team)).held();
            Thread.sleep(2);
        }
        one.join();
        return held;
    }

    private long tokensLeft() throws IOException, InterruptedException {
        return left(caller.usage(gateways.getFirst(), team), "tokens_per_minute");
    }

    /// Answers what is not as it must be; empty where exactly `room` were admitted and nothing else was taken.
    ///
    /// @param spread over how much time the calls come
    List<String> run(int room, Binding.Takes takes, Duration spread, Town town)
            throws IOException, InterruptedException {
        var start = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < CALLS; i++) {
            int call = i;
            var wait = spread.multipliedBy(i).dividedBy(CALLS);
            threads.add(Thread.startVirtualThread(() -> askAfter(wait, call, start)));
        }
        long began = System.currentTimeMillis();
        start.countDown();
        Thread.sleep(spread.plus(answer.minus(spread).multipliedBy(3).dividedBy(4)));
        var wrong = new ArrayList<String>();
        judgeOpen(room, takes, began, wrong);
        for (var thread : threads) {
            thread.join();
        }
        judgeAnswers(room, began, town, wrong);
        awaitRest();
        judgeRest(wrong);
        return wrong;
    }

    /// Of a race that was run: all calls were judged when the counters were looked at, and none was over yet. Where
    /// that is not so, or the ledger could not be asked in time, the machine was too slow, and nothing can be told.
    boolean isFair() {
        return fair;
    }

    private static boolean isFair(List<Billed> asked, Collection<Outcome> outcomes, long looked, long read) {
        return asked.stream().allMatch(billed -> billed.begun() <= looked && billed.ended() >= read)
                && outcomes.stream()
                        .filter(outcome -> outcome.status() != 200)
                        .allMatch(outcome ->
                                outcome.told() <= looked && outcome.status() != 0 && outcome.status() != 503);
    }

    private void awaitRest() throws IOException, InterruptedException {
        for (int i = 0; i < 100 && !isAtRest(caller.usage(gateways.getFirst(), team)); i++) {
            Thread.sleep(200);
        }
    }

    private static boolean isAtRest(JsonNode usage) {
        for (var limit : usage.path("limits")) {
            if (limit.path("kind").asText().equals("concurrent")
                    && limit.path("left").asLong() != limit.path("limit").asLong()) {
                return false;
            }
        }
        for (var budget : usage.path("budgets")) {
            if (Standing.nanos(budget, "held_usd") != 0) {
                return false;
            }
        }
        return true;
    }

    private void askAfter(Duration wait, int call, CountDownLatch start) {
        try {
            start.await();
            Thread.sleep(wait);
            ask(call, start);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(int call, CountDownLatch start) {
        try {
            start.await();
            var gateway = gateways.get(call % gateways.size());
            outcomes.add(caller.ask(gateway, team, team.mark(FIRST + call), row(), USER));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// While the admitted calls are open, every counter has moved by exactly as much as they take.
    private void judgeOpen(int room, Binding.Takes takes, long began, List<String> wrong)
            throws IOException, InterruptedException {
        looked = System.currentTimeMillis();
        var usage = caller.usage(gateways.getLast(), team);
        read = System.currentTimeMillis();
        long elapsed = read - began;
        for (var budget : usage.path("budgets")) {
            long held = Standing.nanos(budget, "held_usd");
            boolean counts = !budget.path("scope").asText().equals("user")
                    || budget.path("id").asText().contains("racer");
            if (counts && held != room * takes.nanos()) {
                wrong.add("held by " + budget.path("scope").asText() + " " + Figures.usd(held) + " instead of "
                        + Figures.usd(room * takes.nanos()));
            }
        }
        judgeLeft(usage, "concurrent", room, room, 0, wrong);
        judgeLeft(usage, "requests_per_minute", room, room, elapsed, wrong);
        // A token or two may have been there again when one call was looked at: it takes at least what was seen.
        long least = room * takes.tokens();
        judgeLeft(usage, "tokens_per_minute", least, least + 2L * room, elapsed + TASTED_WITHIN, wrong);
    }

    private static void judgeLeft(
            JsonNode usage, String kind, long least, long taken, long elapsed, List<String> wrong) {
        for (var limit : usage.path("limits")) {
            if (limit.path("kind").asText().equals(kind)) {
                long most = limit.path("limit").asLong();
                long left = limit.path("left").asLong();
                long refilled = elapsed == 0 ? 0 : most * elapsed / REFILLS_IN + 1;
                if (left < most - taken || left > Math.min(most, most - least + refilled)) {
                    wrong.add(kind + " has " + left + " left of " + most + " instead of " + (most - taken));
                }
            }
        }
    }

    private void judgeAnswers(int room, long began, Town town, List<String> wrong) throws IOException {
        long admitted =
                outcomes.stream().filter(outcome -> outcome.status() == 200).count();
        var bills = town.bill().stream()
                .filter(billed -> billed.team().equals(team.id()))
                .toList();
        long asked = bills.size();
        fair = isFair(bills, outcomes, looked, read);
        if (admitted != room || asked != room) {
            var told =
                    outcomes.stream().collect(Collectors.groupingBy(Outcome::why, TreeMap::new, Collectors.counting()));
            wrong.add("admitted " + admitted + ", asked at the provider " + asked + " instead of " + room + "; told "
                    + told);
        }
        outcomes.stream()
                .filter(outcome -> outcome.status() != 200 && outcome.status() != 402 && outcome.status() != 429)
                .findFirst()
                .ifPresent(outcome -> wrong.add("one was told " + outcome.why()));
        long judged = outcomes.stream()
                .filter(outcome -> outcome.status() != 200)
                .mapToLong(outcome -> outcome.told() - began)
                .max()
                .orElse(0);
        if (judged > answer.toMillis()) {
            wrong.add("the last was judged after " + judged + " ms, when the first was over: no race");
        }
    }

    private void judgeRest(List<String> wrong) throws IOException, InterruptedException {
        var usage = caller.usage(gateways.getFirst(), team);
        for (var budget : usage.path("budgets")) {
            long held = Standing.nanos(budget, "held_usd");
            if (held != 0) {
                wrong.add("at rest " + budget.path("scope").asText() + " holds " + Figures.usd(held));
            }
        }
        judgeLeft(usage, "concurrent", 0, 0, 0, wrong);
    }

    private static long left(JsonNode usage, String kind) {
        for (var limit : usage.path("limits")) {
            if (limit.path("kind").asText().equals(kind)) {
                return limit.path("left").asLong();
            }
        }
        throw new IllegalArgumentException("no limit '" + kind + "' in " + usage);
    }
}
