package com.posthog.aigateway.admit;

import java.util.List;

/// What a call asks of one root: the limits and budgets of all its scopes there.
record Demand(String root, List<Claim> claims) {

    Demand {
        claims = List.copyOf(claims);
    }

    /// For so many attempts, each of which may be billed.
    Demand times(int attempts) {
        return new Demand(
                root,
                claims.stream()
                        .map(claim -> claim.withNanos(Math.multiplyExact(claim.nanos(), attempts)))
                        .toList());
    }

    boolean enforcesMoney() {
        return claims.stream().anyMatch(Claim::enforcesMoney);
    }

    boolean isStrict() {
        return claims.stream().anyMatch(Claim::strict);
    }
}
