package com.posthog.aigateway.cluster;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs every errand once, here and elsewhere, before this member is ready: first runs load classes, for
/// which virtual threads would wait on their carriers.
final class Rehearsal {

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    /// Without a quorum this member is as ready as it can be.
    private static final Duration FOR_A_QUORUM = Duration.ofSeconds(30);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final int TRIES = 100;

    private final List<Supplier<? extends Errand<?, ?>>> errands;
    private final Supplier<@Nullable Life> life;
    private final Thread stage =
            Thread.ofPlatform().name("cluster-rehearsal").daemon().unstarted(this::play);
    private volatile boolean over;

    Rehearsal(List<Supplier<? extends Errand<?, ?>>> errands, Supplier<@Nullable Life> life) {
        this.errands = errands;
        this.life = life;
    }

    void start() {
        stage.start();
    }

    boolean isOver() {
        return over;
    }

    private void play() {
        try {
            var present = await();
            if (present != null) {
                play(present, true);
                play(present, false);
            }
            over = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Life await() throws InterruptedException {
        long until = System.nanoTime() + FOR_A_QUORUM.toNanos();
        while (System.nanoTime() < until) {
            var present = life.get();
            if (present != null && present.hasQuorum()) {
                return present;
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        LOG.warn("there is no quorum yet: calls with enforced limits are refused");
        return null;
    }

    private void play(Life present, boolean here) {
        for (int tries = 0; tries < TRIES; tries++) {
            var key = "rehearsal/" + UUID.randomUUID();
            if (present.holds(key) == here) {
                play(present, key);
                return;
            }
        }
    }

    private void play(Life present, String key) {
        try {
            errands.forEach(errand -> present.run(key, errand.get()));
            present.empty(key);
        } catch (RuntimeException e) {
            LOG.info("a rehearsal was broken off: {}", Unreachables.of(e, false).toString());
        }
    }

    void stop() {
        stage.interrupt();
    }
}
