package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A provider of whose answers every second is an error, beside one that is well.
class FailoverRateTest {

    private static final int CALLS = Integer.getInteger("failover.calls", 5_000);
    private static final int AT_FIRST = 200;
    private static final int CALLERS = 8;

    @Test
    void servesNearlyAllAndAsksHardlyTwice(@TempDir Path folder) throws Exception {
        var chance = new Random(7);
        var served = new AtomicInteger();
        var done = new AtomicInteger();
        var askedAtFirst = new AtomicInteger();
        try (var primary = new PlayedProvider("primary", () -> chance.nextBoolean() ? "status=529" : "ok");
                var fallback = new PlayedProvider("fallback");
                var rig = FailoverRig.start(folder, primary.uri(), fallback.uri(), Clock.systemUTC())) {
            try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int caller = 0; caller < CALLERS; caller++) {
                    var body = FailoverRig.body(FailoverRig.CHAT, caller % 2 == 0, "");
                    var _ = callers.submit(() -> {
                        while (done.get() < CALLS) {
                            if (rig.ask(FailoverRig.CHAT, body).body().contains("words of")) {
                                served.incrementAndGet();
                            }
                            if (done.incrementAndGet() == AT_FIRST) {
                                askedAtFirst.set(primary.asked() + fallback.asked());
                            }
                        }
                        return null;
                    });
                }
            }
            int calls = done.get();
            double rate = 100.0 * served.get() / calls;
            double amplification =
                    (double) (primary.asked() + fallback.asked() - askedAtFirst.get()) / (calls - AT_FIRST);
            System.out.printf(
                    "failover at 50 %% errors: %d calls, %.3f %% served, %.4f attempts a call after the first %d%n",
                    calls, rate, amplification, AT_FIRST);
            assertThat(rate).isGreaterThanOrEqualTo(99.9);
            assertThat(amplification).isLessThanOrEqualTo(1.1);
        }
    }
}
