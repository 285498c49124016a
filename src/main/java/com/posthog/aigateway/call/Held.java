package com.posthog.aigateway.call;

import java.util.List;

/// What is set aside for a call in one root of the ledger, as the intent remembers it: enough to charge it if
/// this process ends first.
///
/// @param epoch of the process, and `seq` its number of the hold in that root: together the hold's name
/// @param at the moment that decides the buckets, by the root's clock, in milliseconds since 1970
public record Held(String root, long epoch, long seq, long at, List<Part> parts) {

    /// One account's part.
    ///
    /// @param nanos the hold, in nano-dollars
    /// @param strict true where a call without a final usage is charged the whole hold
    /// @param grains in which the account's spend is kept
    public record Part(Account account, long nanos, boolean strict, List<Grain> grains) {
        public Part {
            grains = List.copyOf(grains);
        }
    }

    public Held {
        parts = List.copyOf(parts);
    }

    /// What the call adds to the totals of its epoch.
    ///
    /// @param cost what it cost, or the best estimate
    /// @param known true when the cost is what the provider reported, or nothing was billed
    public List<Charge> charges(Money cost, boolean known) {
        return parts.stream()
                .flatMap(part -> part.grains().stream()
                        .map(grain -> new Charge(
                                root,
                                epoch,
                                part.account(),
                                grain.at(at),
                                known || !part.strict() ? cost.nanos() : Math.max(cost.nanos(), part.nanos()))))
                .filter(charge -> charge.nanos() > 0)
                .toList();
    }

    /// By how much a strict hold that is charged whole exceeds the best estimate.
    public Money atRisk(Money cost, boolean known) {
        long most =
                parts.stream().filter(Part::strict).mapToLong(Part::nanos).max().orElse(0);
        return known ? Money.ZERO : new Money(Math.max(0, most - cost.nanos()));
    }
}
