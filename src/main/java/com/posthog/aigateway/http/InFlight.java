package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Hangup;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/// The calls that are being answered. New ones are let in until a drain begins.
public final class InFlight {

    private final Set<Hangup> calls = new HashSet<>();
    private boolean draining;

    /// False once the drain has begun: the call is not let in.
    synchronized boolean enter(Hangup call) {
        return !draining && calls.add(call);
    }

    synchronized void leave(Hangup call) {
        calls.remove(call);
        notifyAll();
    }

    public synchronized int count() {
        return calls.size();
    }

    public synchronized boolean isDraining() {
        return draining;
    }

    /// No new calls from now on.
    public synchronized void drain() {
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
            left = Set.copyOf(calls);
        }
        left.forEach(Hangup::breakOff);
    }
}
