package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.Open;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A thousand streams in all shapes, each of them left by its caller at some point: nothing of them stays behind.
class AbortsTest {

    private static final int STREAMS = 1_000;
    private static final int WARM_UP = 150;
    private static final int AT_A_TIME = 100;
    private static final long SEED = 20_261_125;

    private static final String SETTINGS = "server: { max_body: 4MiB, bodies_in_memory: 4MiB }";

    /// All the room that there is.
    private static final int LARGEST = 4 << 20;

    /// A journal opens a file now and then.
    private static final int SPARE_FILES = 12;

    private enum Leaves {
        IN_THE_BODY,
        AT_ONCE,
        ONCE_THE_PROVIDER_IS_ASKED,
        AFTER_THE_HEAD,
        AFTER_WORDS;

        private static Leaves some(Random chance, boolean answers) {
            if (chance.nextInt(20) == 0) {
                return IN_THE_BODY;
            }
            return List.of(AT_ONCE, ONCE_THE_PROVIDER_IS_ASKED, AFTER_THE_HEAD, AFTER_WORDS)
                    .get(chance.nextInt(answers ? 4 : 2));
        }
    }

    /// @param words that come before the provider falls silent; 0: not even a head
    /// @param gap in milliseconds, where the provider goes on for ever; 0: it falls silent
    private record Plan(int call, int shape, int words, int gap, Leaves leaves, int readsWords, boolean resets) {

        static Plan of(int call, Random chance) {
            int kind = chance.nextInt(10);
            int words = kind < 3 ? 0 : 1 + chance.nextInt(6);
            int gap = kind > 6 ? 5 + chance.nextInt(30) : 0;
            var leaves = Leaves.some(chance, words > 0);
            boolean waits = leaves != Leaves.IN_THE_BODY && leaves != Leaves.AT_ONCE;
            boolean resets = waits && chance.nextInt(3) == 0;
            return new Plan(
                    call, chance.nextInt(3), words, gap, leaves, 1 + chance.nextInt(Math.max(1, words)), resets);
        }

        private String path() {
            return List.of("/v1/chat/completions", "/v1/responses", "/v1/messages")
                    .get(shape);
        }

        private String body() {
            return List.of(
                            "{\"model\":\"gpt-6-sol\",\"stream\":true,\"messages\":[]}",
                            "{\"model\":\"gpt-6-sol\",\"stream\":true,\"input\":\"hi\"}",
                            "{\"model\":\"claude-sonnet-5-5\",\"stream\":true,\"max_tokens\":9,\"messages\":[]}")
                    .get(shape);
        }

        private String head(int length) {
            return "POST " + path() + " HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + Rig.KEY
                    + "\r\nX-PostHog-Trace-Id: call-" + call + "\r\nx-call: " + call + "\r\nx-words: " + words
                    + "\r\nx-gap: " + gap + "\r\nContent-Length: " + length + "\r\n\r\n";
        }
    }

    @TempDir
    Path folder;

    private final Map<Integer, Long> callersLeft = new ConcurrentHashMap<>();

    @Test
    void leavesNothingBehind() throws Exception {
        try (var provider = new StallingProvider();
                var rig = Rig.start(folder, SETTINGS, provider.uri())) {
            var chance = new Random(SEED);
            leave(rig, provider, plans(0, WARM_UP, chance));
            awaitQuiet(rig, provider, WARM_UP);
            var before = Open.now(folder);
            int askedBefore = provider.asked();

            var plans = plans(WARM_UP, STREAMS, chance);
            leave(rig, provider, plans);
            var receipts = awaitQuiet(rig, provider, WARM_UP + STREAMS);

            var after = awaitOpen(() -> Open.now(folder), before);
            System.out.printf(
                    "aborted %d streams, %d of them at the provider: before %s, after %s%n",
                    STREAMS, provider.asked() - askedBefore, before, after);
            assertReceipts(plans, receipts);
            assertCancelledInTime(provider, plans);
            assertAllRoomIsThere(rig);
        }
    }

    private static List<Plan> plans(int first, int count, Random chance) {
        var plans = new ArrayList<Plan>();
        for (int call = first; call < first + count; call++) {
            plans.add(Plan.of(call, chance));
        }
        return plans;
    }

    private void leave(Rig rig, StallingProvider provider, List<Plan> plans) throws InterruptedException {
        var room = new Semaphore(AT_A_TIME);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var left = new ArrayList<Future<?>>();
            for (var plan : plans) {
                room.acquire();
                left.add(callers.submit(() -> {
                    try {
                        leave(rig, provider, plan);
                    } finally {
                        room.release();
                    }
                    return null;
                }));
            }
            for (var one : left) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private void leave(Rig rig, StallingProvider provider, Plan plan) throws IOException, InterruptedException {
        var body = plan.body();
        try (var caller = rig.connect()) {
            if (plan.leaves() == Leaves.IN_THE_BODY) {
                caller.send(plan.head(4_096)).send(body);
            } else {
                caller.send(plan.head(body.length())).send(body);
            }
            switch (plan.leaves()) {
                case IN_THE_BODY, AT_ONCE -> {}
                case ONCE_THE_PROVIDER_IS_ASKED -> provider.awaitAsked(plan.call());
                case AFTER_THE_HEAD -> assertThat(caller.head().status()).isEqualTo(200);
                case AFTER_WORDS -> {
                    assertThat(caller.head().status()).isEqualTo(200);
                    caller.readUntil("\n\n", plan.readsWords());
                }
            }
            if (plan.resets()) {
                caller.resetWhenClosed();
            }
            callersLeft.put(plan.call(), System.nanoTime());
        }
    }

    /// Waits until every call has its receipt, and returns them.
    private static List<Receipt> awaitQuiet(Rig rig, StallingProvider provider, int calls) throws IOException {
        var receipts = rig.receipts(calls);
        Eventually.get(provider::wasLeftByAll, left -> left);
        Eventually.get(rig.gateway::inFlight, inFlight -> inFlight == 0);
        int told = (int) receipts.stream()
                .filter(receipt -> receipt.ending() != Ending.REFUSED)
                .count();
        rig.events(told);
        try (var operator = new RawHttp(rig.gateway.adminPort())) {
            var metrics = operator.send("GET /metrics HTTP/1.1\r\nHost: gateway\r\n\r\n")
                    .answer();
            assertThat(metrics.body()).containsPattern("(?m)^aigw_calls_in_flight(\\{\\})? 0(\\.0)?$");
        }
        return receipts;
    }

    private static Open awaitOpen(Supplier<Open> now, Open before) {
        long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        var open = now.get();
        while (!open.isWithin(before, SPARE_FILES) && System.nanoTime() < until) {
            open = now.get();
        }
        assertThat(open).matches(after -> after.isWithin(before, SPARE_FILES), "within " + before);
        return open;
    }

    private static void assertReceipts(List<Plan> plans, List<Receipt> receipts) {
        assertThat(receipts).extracting(receipt -> receipt.intent().id()).doesNotHaveDuplicates();
        var byTrace = receipts.stream()
                .filter(receipt -> receipt.intent().labels().trace() != null)
                .collect(Collectors.groupingBy(receipt ->
                        Objects.requireNonNull(receipt.intent().labels().trace())));
        int refused = 0;
        for (var plan : plans) {
            if (plan.leaves() == Leaves.IN_THE_BODY) {
                refused++;
                continue;
            }
            assertThat(byTrace.get("call-" + plan.call()))
                    .as(plan::toString)
                    .singleElement()
                    .satisfies(receipt -> {
                        assertThat(receipt.ending()).isEqualTo(Ending.ABANDONED);
                        assertThat(receipt.cost().estimated()).isTrue();
                        assertThat(receipt.cost().total().nanos()).isPositive();
                    });
        }
        assertThat(receipts.subList(0, plans.size()))
                .filteredOn(receipt -> receipt.ending() == Ending.REFUSED)
                .hasSize(refused)
                .allMatch(receipt -> receipt.cost().total().nanos() == 0);
    }

    private void assertCancelledInTime(StallingProvider provider, List<Plan> plans) {
        var times = plans.stream()
                .map(plan -> provider.sinceLeaving(plan.call(), Objects.requireNonNull(callersLeft.get(plan.call()))))
                .flatMapToLong(time -> time.stream())
                .sorted()
                .map(nanos -> nanos / 1_000_000)
                .toArray();
        System.out.printf(
                "cancelled at the provider after the caller left: %d times, p50 %d ms, p99 %d ms, max %d ms%n",
                times.length, times[times.length / 2], times[times.length * 99 / 100], times[times.length - 1]);
        assertThat(times[times.length - 1]).isLessThan(1_000);
    }

    /// A body that takes all the room is taken only if nobody holds any of it.
    private static void assertAllRoomIsThere(Rig rig) throws IOException {
        var begin = "{\"model\":\"gpt-6-sol\",\"max_tokens\":\"";
        try (var caller = rig.connect()) {
            caller.send("POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + Rig.KEY
                            + "\r\nx-words: 1\r\nContent-Length: " + LARGEST + "\r\n\r\n")
                    .send(begin + "x".repeat(LARGEST - begin.length() - 2) + "\"}");
            assertThat(caller.head().status()).isEqualTo(200);
        }
    }
}
