package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Hangup;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The calls that are being answered. New ones are let in until a drain begins.
public final class InFlight {

    /// What can be said of the calls at one moment.
    ///
    /// @param oldest how long the first of them has been answered for; zero without one
    public record Sight(Map<Endpoint, Integer> byEndpoint, Duration oldest) {
        public Sight {
            byEndpoint = Map.copyOf(byEndpoint);
        }
    }

    /// @param since in nanoseconds, as the system counts them
    private record Running(Endpoint endpoint, long since) {}

    private final Map<Hangup, Running> calls = new HashMap<>();
    private boolean leaving;
    private boolean draining;

    /// False once the drain has begun: the call is not let in.
    synchronized boolean enter(Hangup call, Endpoint endpoint) {
        return !draining && calls.put(call, new Running(endpoint, System.nanoTime())) == null;
    }

    synchronized void leave(Hangup call) {
        calls.remove(call);
        notifyAll();
    }

    public synchronized int count() {
        return calls.size();
    }

    public synchronized Sight look() {
        long now = System.nanoTime();
        var counts = new EnumMap<Endpoint, Integer>(Endpoint.class);
        long longest = 0;
        for (var running : calls.values()) {
            counts.merge(running.endpoint(), 1, Integer::sum);
            longest = Math.max(longest, now - running.since());
        }
        return new Sight(counts, Duration.ofNanos(longest));
    }

    synchronized boolean isDraining() {
        return draining;
    }

    /// True when callers do well to send their next call elsewhere, though it would be let in.
    synchronized boolean isLeaving() {
        return leaving;
    }

    /// Calls are still let in, but no connection is kept behind a new one: whoever balances connections, and not calls,
    /// moves his callers in this way.
    public synchronized void announce() {
        leaving = true;
    }

    /// No new calls from now on.
    public synchronized void drain() {
        leaving = true;
        draining = true;
    }

    /// Waits until no call is left, or the time is over; true when none is left.
    public synchronized boolean awaitNone(Duration within) {
        long until = System.nanoTime() + within.toNanos();
        while (!calls.isEmpty()) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                wait(left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /// Breaks off what is left: each call ends with a native error.
    public void cut() {
        Set<Hangup> left;
        synchronized (this) {
            left = Set.copyOf(calls.keySet());
        }
        left.forEach(Hangup::breakOff);
    }
}
