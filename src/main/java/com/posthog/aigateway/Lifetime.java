package com.posthog.aigateway;

import com.posthog.aigateway.admin.Drain;
import com.posthog.aigateway.admin.Drain.Phase;
import com.posthog.aigateway.http.InFlight;
import java.time.Duration;
import java.util.stream.Collectors;

/// Where this process stands between its start and its end, and until when its calls may run.
final class Lifetime {

    private final InFlight inFlight;
    private Phase phase = Phase.STARTING;
    private long deadline;

    Lifetime(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    synchronized boolean isServing() {
        return phase == Phase.SERVING;
    }

    synchronized void serve() {
        phase = Phase.SERVING;
    }

    /// Not ready from now on, though calls are let in.
    ///
    /// @param left how long those in flight may run at most
    synchronized void leave(Duration left) {
        phase = Phase.LEAVING;
        deadline = System.nanoTime() + left.toNanos();
        inFlight.announce();
    }

    /// No call is let in any more.
    ///
    /// @param left the time there still is, also where less than all of the delay was waited for
    synchronized void drain(Duration left) {
        phase = Phase.DRAINING;
        deadline = System.nanoTime() + left.toNanos();
        inFlight.drain();
    }

    /// No call is waited for any more.
    synchronized void close() {
        phase = Phase.CLOSING;
        deadline = System.nanoTime();
        inFlight.drain();
    }

    synchronized Drain look() {
        var sight = inFlight.look();
        var running = sight.byEndpoint().entrySet().stream()
                .collect(Collectors.toMap(
                        it -> it.getKey().method() + " /v1" + it.getKey().path(), it -> it.getValue()));
        return new Drain(
                phase,
                running,
                sight.oldest(),
                switch (phase) {
                    case STARTING, SERVING -> null;
                    case LEAVING, DRAINING, CLOSING -> Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                });
    }
}
