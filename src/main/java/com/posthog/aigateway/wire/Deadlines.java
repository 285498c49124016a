package com.posthog.aigateway.wire;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Breaks off what takes too long, and frees what is stuck. One thread looks at all open exchanges ten times a second:
/// a timer for each wait
/// would cost more than the waits.
final class Deadlines implements AutoCloseable {

    private static final long TICK_MILLIS = 100;

    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("upstream-deadlines").daemon().factory());

    Deadlines() {
        var _ = ticker.scheduleWithFixedDelay(this::look, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void watch(Exchange exchange) {
        open.add(exchange);
    }

    void forget(Exchange exchange) {
        open.remove(exchange);
    }

    private void look() {
        long now = System.nanoTime();
        for (var exchange : open) {
            exchange.breakOffIfDue(now);
            exchange.freeIfStuck(now);
        }
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
