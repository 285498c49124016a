package com.posthog.aigateway.admit;

import java.util.List;

/// What a call asks of one root: the limits and budgets of all its scopes there.
record Demand(String root, List<Claim> claims) {

    Demand {
        claims = List.copyOf(claims);
    }

    boolean enforcesMoney() {
        return claims.stream().anyMatch(Claim::enforcesMoney);
    }

    boolean isStrict() {
        return claims.stream().anyMatch(Claim::strict);
    }
}
