package com.posthog.aigateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.journal.Journal.Sync;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class JournalSyncTest {

    @Test
    void bringsManyWritesToTheDiskTogether() throws Exception {
        var syncs = new AtomicInteger();
        var asked = new CountDownLatch(100);
        Runnable disk = () -> {
            syncs.incrementAndGet();
            awaitAll(asked);
        };
        try (var syncer = new Syncer(disk, new Sync.Always())) {
            syncer.start();
            try (var calls = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 100; i++) {
                    calls.execute(() -> {
                        asked.countDown();
                        syncer.written();
                    });
                }
            }

            assertThat(syncs.get()).isLessThan(100);
        }
    }

    @Test
    void doesNotWaitForThePeriodicSync() {
        var synced = new CountDownLatch(1);
        try (var syncer = new Syncer(synced::countDown, new Sync.Every(Duration.ofMillis(1)))) {
            syncer.start();
            syncer.written();

            awaitAll(synced);
        }
    }

    @Test
    void syncsWhatIsLeftAtTheEnd() {
        var syncs = new AtomicInteger();
        var syncer = new Syncer(syncs::incrementAndGet, new Sync.Every(Duration.ofHours(1)));
        syncer.start();
        syncer.written();

        syncer.close();

        assertThat(syncs).hasValue(1);
    }

    @Test
    void failsTheWriteWhoseSyncFailedAndRecovers() {
        var full = new AtomicBoolean(true);
        Runnable disk = () -> {
            if (full.get()) {
                throw new JournalFault("no space left");
            }
        };
        try (var syncer = new Syncer(disk, new Sync.Always())) {
            syncer.start();
            assertThatThrownBy(syncer::written).isInstanceOf(JournalFault.class).hasMessage("no space left");

            full.set(false);

            while (fails(syncer)) {
                Thread.onSpinWait();
            }
        }
    }

    private static boolean fails(Syncer syncer) {
        try {
            syncer.written();
            return false;
        } catch (JournalFault e) {
            return true;
        }
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
