package com.posthog.aigateway.cluster;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs every errand once, here and elsewhere, before this member is ready: first runs load classes, for which virtual
/// threads would wait on their carriers.
final class Rehearsal {

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    /// Without a quorum this member is as ready as it can be.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final int TRIES = 100;

    private final List<Supplier<? extends Errand<?, ?>>> errands;
    private final Life life;
    private final Thread stage =
            Thread.ofPlatform().name("cluster-rehearsal").daemon().unstarted(this::play);
    private volatile boolean over;

    Rehearsal(List<Supplier<? extends Errand<?, ?>>> errands, Life life) {
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
            if (isReachable()) {
                play(true);
                play(false);
            } else {
                LOG.warn("there is no quorum yet: calls with enforced limits are refused");
            }
            over = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            over = !life.isOver();
            LOG.warn(
                    "the rehearsal was broken off: {}",
                    Unreachables.of(e, false).toString());
        }
    }

    /// With a quorum, and with every entry on all the members that are to have it: the next replica may be rolled.
    private boolean isReachable() throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until && !life.isOver()) {
            if (life.hasQuorum() && life.isSafe()) {
                return true;
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        return false;
    }

    private void play(boolean here) {
        for (int tries = 0; tries < TRIES; tries++) {
            var key = "rehearsal/" + UUID.randomUUID();
            if (life.holds(key) == here) {
                errands.forEach(errand -> life.run(key, errand.get()));
                life.empty(key);
                return;
            }
        }
    }

    void stop() {
        stage.interrupt();
    }
}
