package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Headers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// How one model stands at one account: its breaker, and until when the provider wants to be left alone.
final class TargetHealth {

    private static final Duration LONGEST_COOLDOWN = Duration.ofSeconds(60);
    private static final Duration USUAL_COOLDOWN = Duration.ofSeconds(1);

    private final Breaker breaker;
    private volatile long coolUntil;

    /// @param runOfAccount failures one after another, of all models of the account
    TargetHealth(AtomicInteger runOfAccount) {
        this.breaker = new Breaker(runOfAccount);
    }

    Breaker breaker() {
        return breaker;
    }

    boolean cools(long now) {
        return now < coolUntil;
    }

    long coolUntil() {
        return coolUntil;
    }

    void cool(Duration wait, long now) {
        coolUntil = Math.max(coolUntil, now + Math.min(wait.toMillis(), LONGEST_COOLDOWN.toMillis()));
    }

    /// As long as the provider asks for, at most a minute.
    static Duration wait(Headers headers, Fault.Kind kind) {
        return RetryAfter.in(headers).orElse(kind == Fault.Kind.QUOTA ? LONGEST_COOLDOWN : USUAL_COOLDOWN);
    }
}
