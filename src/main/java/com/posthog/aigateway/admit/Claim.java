package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Grain;
import com.posthog.aigateway.call.Window;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What one call asks of one account.
///
/// @param nanos to be held, in nano-dollars; absolute, also where it grows
/// @param strict true where a call without a final usage is charged its whole hold
record Claim(Account account, long nanos, boolean strict, List<Cap> caps, List<Rate> rates) {

    Claim {
        caps = List.copyOf(caps);
        rates = List.copyOf(rates);
    }

    Claim withNanos(long nanos) {
        return new Claim(account, nanos, strict, caps, rates);
    }

    /// With budgets that only watch where `only` says so of their window.
    Claim watching(Predicate<Window> only) {
        var watched = caps.stream()
                .map(cap -> only.test(cap.window()) ? new Cap(cap.window(), cap.nanos(), Mode.SHADOW) : cap)
                .toList();
        return new Claim(account, nanos, strict, watched, rates);
    }

    /// True where it takes money, not only rates and places.
    boolean holds() {
        return !caps.isEmpty();
    }

    /// In which the account's spend is kept.
    List<Grain> grains() {
        return caps.stream().map(cap -> cap.window().grain()).distinct().toList();
    }

    boolean has(Rate.Kind kind) {
        return rates.stream().anyMatch(rate -> rate.kind() == kind);
    }

    /// True where it can refuse.
    boolean enforced() {
        return Stream.concat(caps.stream().map(Cap::mode), rates.stream().map(Rate::mode))
                .anyMatch(mode -> mode == Mode.ENFORCE);
    }

    boolean enforcesMoney() {
        return caps.stream().anyMatch(cap -> cap.mode() == Mode.ENFORCE);
    }
}
