package com.posthog.aigateway.admit;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one call asks of the ledger before its amounts are known: of which roots, in the order in which they
/// are entered, and of which accounts in each.
record Ask(List<Root> roots) {

    /// One entry of the ledger.
    record Root(String name, List<Stake> stakes) {

        Root {
            stakes = List.copyOf(stakes);
        }

        Demand demand(Amounts amounts) {
            var finishing = stakes.stream()
                    .filter(stake -> !stake.finishing().isEmpty())
                    .collect(Collectors.toMap(Stake::account, Stake::finishing));
            return new Demand(
                    name, stakes.stream().map(stake -> stake.claim(amounts)).toList(), finishing);
        }
    }

    Ask {
        roots = List.copyOf(roots);
    }

    List<Demand> demands(Amounts amounts) {
        return roots.stream().map(root -> root.demand(amounts)).toList();
    }

    /// True where some amount is the worst case.
    boolean isStrict() {
        return stakes().anyMatch(Stake::strict);
    }

    /// True where a call that has no worst case is refused.
    boolean isBinding() {
        return stakes().anyMatch(Stake::binding);
    }

    private Stream<Stake> stakes() {
        return roots.stream().flatMap(root -> root.stakes().stream());
    }
}
