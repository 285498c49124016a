package com.posthog.aigateway.admit;

import java.util.List;

/// What one call asks of the ledger: of which roots, in the order in which they are entered, and of which accounts in
/// each.
record Demand(List<Root> roots) {

    /// One entry of the ledger.
    record Root(String name, List<Stake> stakes) {

        Root {
            stakes = List.copyOf(stakes);
        }

        List<Claim> claims(Amounts amounts) {
            return stakes.stream().map(stake -> stake.of(amounts)).toList();
        }
    }

    Demand {
        roots = List.copyOf(roots);
    }

    /// True where some amount is the worst case.
    boolean isStrict() {
        return roots.stream().flatMap(root -> root.stakes().stream()).anyMatch(Stake::strict);
    }

    /// True where a call that has no worst case is refused.
    boolean isBinding() {
        return roots.stream().flatMap(root -> root.stakes().stream()).anyMatch(Stake::binding);
    }
}
