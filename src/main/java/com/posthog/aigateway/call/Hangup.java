package com.posthog.aigateway.call;

import org.jspecify.annotations.Nullable;

/// Wakes whoever waits for a provider: because the caller has left, or because the gateway cannot wait longer. One
/// waits at a time.
public final class Hangup {

    private boolean happened;
    private boolean broken;
    private @Nullable Runnable wake;

    /// Runs `wake` when it is time to stop, at once if it was; replaces what was to be run before.
    public void then(Runnable wake) {
        synchronized (this) {
            this.wake = wake;
            if (!broken) {
                return;
            }
        }
        wake.run();
    }

    public synchronized boolean happened() {
        return happened;
    }

    /// The caller has left.
    public void happen() {
        synchronized (this) {
            happened |= !broken;
        }
        breakOff();
    }

    /// The gateway cannot wait longer.
    public void breakOff() {
        Runnable wake;
        synchronized (this) {
            if (broken) {
                return;
            }
            broken = true;
            wake = this.wake;
        }
        if (wake != null) {
            wake.run();
        }
    }
}
