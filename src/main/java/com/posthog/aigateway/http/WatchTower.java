package com.posthog.aigateway.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Looks at all connections, ten times a second.
final class WatchTower implements AutoCloseable {

    private static final long TICK_MILLIS = 100;

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("watch-tower").daemon().factory());

    WatchTower() {
        var _ = ticker.scheduleWithFixedDelay(this::look, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void add(Watch watch) {
        watches.add(watch);
    }

    void remove(Watch watch) {
        watches.remove(watch);
    }

    private void look() {
        long now = System.nanoTime();
        watches.removeIf(watch -> fails(watch, now));
    }

    /// A connection that is gone already must not keep the others from being looked after.
    private static boolean fails(Watch watch, long now) {
        try {
            watch.look(now);
            return false;
        } catch (RuntimeException closed) {
            return true;
        }
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
