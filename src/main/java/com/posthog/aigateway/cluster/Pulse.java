package com.posthog.aigateway.cluster;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Feels whether the process goes on evenly. After a stop as long as the others' patience, as of a frozen machine, they
/// may have gone on without this member.
final class Pulse {

    /// Less than the others wait, since they count from the last sign of life.
    static final Duration STILL = Blueprint.SILENCE.minusSeconds(2);

    private static final Duration BEAT = Duration.ofMillis(500);

    private final LongSupplier nanos;
    private final Consumer<Duration> stoodStill;
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("cluster-pulse").daemon().factory());
    private volatile long last;
    private volatile int stills;

    /// @param stoodStill is told before [#isLate] is false again
    Pulse(LongSupplier nanos, Consumer<Duration> stoodStill) {
        this.nanos = nanos;
        this.stoodStill = stoodStill;
        this.last = nanos.getAsLong();
    }

    void start() {
        var _ = heart.scheduleWithFixedDelay(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // By one thread only.
    private void beat() {
        if (isLate()) {
            stills++;
            stoodStill.accept(Duration.ofNanos(nanos.getAsLong() - last));
        }
        last = nanos.getAsLong();
    }

    /// Whether the process stands still, as far as it has felt: true at once for whoever goes on after a stop.
    boolean isLate() {
        return nanos.getAsLong() - last > STILL.toNanos();
    }

    /// How often it stood still.
    int stills() {
        return stills;
    }

    void stop() {
        heart.shutdownNow();
    }
}
