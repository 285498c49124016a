package com.posthog.aigateway.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.testing.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class FreshTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T12:00:00Z"));
    private int fetched;
    private boolean fails;

    private Fresh.Lease<Integer> fetch() throws NoCredential {
        fetched++;
        if (fails) {
            throw new NoCredential("fetch " + fetched + " failed");
        }
        return new Fresh.Lease<>(fetched, clock.instant().plus(HOUR));
    }

    @Test
    void fetchesOnceForAsLongAsItHolds() throws NoCredential {
        var fresh = new Fresh<>(this::fetch, clock);

        assertThat(fresh.now()).isOne();
        clock.pass(HOUR.minus(Fresh.EARLY).minusSeconds(1));
        assertThat(fresh.now()).isOne();
    }

    @Test
    void fetchesAnewBeforeItEnds() throws NoCredential {
        var fresh = new Fresh<>(this::fetch, clock);
        fresh.now();

        clock.pass(HOUR.minus(Fresh.EARLY));

        assertThat(fresh.now()).isEqualTo(2);
    }

    @Test
    void goesOnWithWhatStillHoldsWhenThereIsNoNewOne() throws NoCredential {
        var fresh = new Fresh<>(this::fetch, clock);
        fresh.now();
        fails = true;

        clock.pass(HOUR.minusSeconds(1));

        assertThat(fresh.now()).isOne();
        clock.pass(Duration.ofSeconds(1));
        assertThatThrownBy(fresh::now).isInstanceOf(NoCredential.class);
    }

    @Test
    void doesNotAskAgainAtOnceWhatFailed() throws NoCredential {
        fails = true;
        var fresh = new Fresh<>(this::fetch, clock);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(fresh::now).hasMessage("fetch 1 failed");
        }
        clock.pass(Fresh.PAUSE);
        fails = false;

        assertThat(fresh.now()).isEqualTo(2);
    }

    @Test
    void letsNobodyWaitWhileTheOldOneHolds() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var fresh = new Fresh<>(
                () -> {
                    if (fetched++ > 0) {
                        begun.countDown();
                        awaited(goOn);
                    }
                    return new Fresh.Lease<>(fetched, clock.instant().plus(HOUR));
                },
                clock);
        fresh.now();
        clock.pass(HOUR.minusSeconds(60));
        var renewing = new FutureTask<>(fresh::now);
        Thread.startVirtualThread(renewing);
        begun.await();

        assertThat(fresh.now()).isOne();

        goOn.countDown();
        assertThat(renewing.get()).isEqualTo(2);
    }

    private static void awaited(CountDownLatch latch) throws NoCredential {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new NoCredential("interrupted");
        }
    }
}
