package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Those who show no credential that is known here: each address may try so often, on each replica by itself.
/// Whoever shows a good one is never held up, also at an address from which others guess.
public final class Strangers {

    private static final int MOST_KEPT = 10_000;

    private final long perMinute;
    private final LongSupplier millis;
    private final Map<String, Pace> paces = new HashMap<>();

    /// @param millis a time that never goes back
    public Strangers(long perMinute, LongSupplier millis) {
        this.perMinute = perMinute;
        this.millis = millis;
    }

    /// Refusal: what the identifying refuses, or that this address has tried too often.
    ///
    /// @param address of the peer
    public <T> T meet(String address, Supplier<T> identifying) {
        try {
            return identifying.get();
        } catch (Refusal refusal) {
            throw mayTry(address) ? refusal : tooOften();
        }
    }

    private synchronized boolean mayTry(String address) {
        long now = millis.getAsLong();
        if (paces.size() >= MOST_KEPT && !paces.containsKey(address)) {
            paces.values().removeIf(pace -> pace.isFull(now));
            if (paces.size() >= MOST_KEPT) {
                return false;
            }
        }
        var pace = paces.computeIfAbsent(address, _ -> Pace.full(perMinute, now));
        boolean may = pace.left(perMinute, now) > 0;
        if (may) {
            pace.take(1, perMinute, now);
        }
        return may;
    }

    private static Refusal tooOften() {
        return new Refusal(
                        Reason.RATE,
                        "too many requests from this address with no credential that is known here; check the key")
                .retryAfter(Duration.ofSeconds(60));
    }
}
