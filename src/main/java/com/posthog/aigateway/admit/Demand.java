package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Window;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a call asks of one root: the limits and budgets of all its scopes there.
///
/// @param claims for one attempt
/// @param finishing the windows of accounts at whose limit a stream that has begun runs on
record Demand(String root, List<Claim> claims, Map<Account, Set<Window>> finishing) {

    Demand {
        claims = List.copyOf(claims);
        finishing = Map.copyOf(finishing);
    }

    /// Without budgets that let streams run on.
    Demand(String root, List<Claim> claims) {
        this(root, claims, Map.of());
    }

    /// For a call that has begun. What does not grow is not judged again: it was granted, and may not be less than
    /// what was spent meanwhile.
    ///
    /// @param before what was granted last
    /// @param runsOn true where it is the stream that grows, and no further attempt
    Demand resized(Size size, Size before, boolean runsOn) {
        var resized = claims.stream()
                .map(claim -> size.of(claim) <= before.of(claim)
                        ? claim.watching(_ -> true).withNanos(size.of(claim))
                        : claim.watching(window -> runsOn && finishes(claim.account(), window))
                                .withNanos(size.of(claim)))
                .toList();
        return new Demand(root, resized, finishing);
    }

    /// True where some amount is another than before.
    boolean differs(Size size, Size before) {
        return claims.stream().anyMatch(claim -> claim.holds() && size.of(claim) != before.of(claim));
    }

    boolean finishes(Account account, Window window) {
        return finishing.getOrDefault(account, Set.of()).contains(window);
    }

    /// True where a stream may be ended because its hold cannot grow.
    boolean stops() {
        return claims.stream()
                .anyMatch(claim -> !claim.strict()
                        && claim.caps().stream()
                                .anyMatch(
                                        cap -> cap.mode() == Mode.ENFORCE && !finishes(claim.account(), cap.window())));
    }

    /// True where some amount follows the call.
    boolean breathes() {
        return claims.stream().anyMatch(claim -> claim.holds() && !claim.strict());
    }

    /// What is asked of one account, in nano-dollars.
    long wanted(Account account) {
        return claims.stream()
                .filter(claim -> claim.account().equals(account))
                .mapToLong(Claim::nanos)
                .max()
                .orElse(0);
    }

    boolean enforcesMoney() {
        return claims.stream().anyMatch(Claim::enforcesMoney);
    }

    boolean isStrict() {
        return claims.stream().anyMatch(Claim::strict);
    }
}
