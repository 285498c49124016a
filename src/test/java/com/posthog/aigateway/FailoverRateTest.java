package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A provider that is ill for a long time, beside one that is well: callers hardly notice, and hardly more is asked
/// than
/// there are calls. `scripts/prove-failover` makes it longer.
class FailoverRateTest {

    private static final int CALLS = Integer.getInteger("failover.calls", 2_000);
    private static final Duration DOWN = Duration.ofSeconds(Integer.getInteger("failover.seconds", 1));
    private static final int AT_FIRST = 200;
    private static final int CALLERS = 8;

    @TempDir
    private Path folder;

    /// @param extra attempts beside the first of each call, so far
    private record Mark(int calls, int extra) {}

    private static final class Run {
        private final AtomicInteger served = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<Mark> mark = new AtomicReference<>(new Mark(0, 0));
        private final IntSupplier asked;

        /// @param asked of all providers
        Run(IntSupplier asked) {
            this.asked = asked;
        }

        private void call(FailoverRig rig, String body) throws IOException {
            if (rig.ask(FailoverRig.CHAT, body).body().contains("words of")) {
                served.incrementAndGet();
            }
            done.incrementAndGet();
        }

        private void mark() {
            mark.set(new Mark(done.get(), asked.getAsInt() - done.get()));
        }

        /// In percent.
        private double rate() {
            return 100.0 * served.get() / done.get();
        }

        private int extraSinceMark() {
            return asked.getAsInt() - done.get() - mark.get().extra();
        }
    }

    private static void together(FailoverRig rig, Run run, BooleanSupplier goOn) {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < CALLERS; caller++) {
                var body = FailoverRig.body(FailoverRig.CHAT, caller % 2 == 0, "");
                var _ = callers.submit(() -> {
                    while (goOn.getAsBoolean()) {
                        run.call(rig, body);
                    }
                    return null;
                });
            }
        }
    }

    @Test
    void servesNearlyAllWhereEveryOtherAnswerIsAnError() throws IOException {
        var chance = new Random(7);
        try (var primary = new PlayedProvider("primary", () -> chance.nextBoolean() ? "status=529" : "ok");
                var fallback = new PlayedProvider("fallback");
                var rig = FailoverRig.start(folder, primary.uri(), fallback.uri(), Clock.systemUTC())) {
            var run = new Run(() -> primary.asked() + fallback.asked());
            together(rig, run, () -> run.done.get() < AT_FIRST);
            run.mark();
            together(rig, run, () -> run.done.get() < CALLS);

            var first = run.mark.get();
            double amplification = 1 + (double) run.extraSinceMark() / (run.done.get() - first.calls());
            System.out.printf(
                    "failover at 50 %% errors: %d calls, %.3f %% served; attempts a call %.4f in the first %d, %.4f after%n",
                    run.done.get(),
                    run.rate(),
                    1 + (double) first.extra() / first.calls(),
                    first.calls(),
                    amplification);
            assertThat(run.rate()).isGreaterThanOrEqualTo(99.9);
            assertThat(amplification).isLessThanOrEqualTo(1.1);
        }
    }

    /// After a busy time in which all was well: the rate of failures alone would take long to show.
    @ParameterizedTest
    @ValueSource(strings = {"status=503", "reset"})
    void servesNearlyAllWhereAProviderGoesDown(String illness) throws IOException {
        var play = new AtomicReference<>("ok");
        try (var primary = new PlayedProvider("primary", play::get);
                var fallback = new PlayedProvider("fallback");
                var rig = FailoverRig.start(folder, primary.uri(), fallback.uri(), Clock.systemUTC())) {
            var run = new Run(() -> primary.asked() + fallback.asked());
            together(rig, run, () -> run.done.get() < 1_000);
            play.set(illness);
            run.mark();
            long end = System.nanoTime() + DOWN.toNanos();
            together(rig, run, () -> System.nanoTime() < end);

            System.out.printf(
                    "failover while %s for %d s: %d calls, %.3f %% served, %d extra attempts%n",
                    illness,
                    DOWN.toSeconds(),
                    run.done.get() - run.mark.get().calls(),
                    run.rate(),
                    run.extraSinceMark());
            assertThat(run.rate()).isGreaterThanOrEqualTo(99.9);
            // Those that open the breaker and those on their way by then; after that a probe each ten seconds.
            assertThat(run.extraSinceMark()).isLessThanOrEqualTo(5 + CALLERS + (int) DOWN.toSeconds() / 10);
        }
    }
}
