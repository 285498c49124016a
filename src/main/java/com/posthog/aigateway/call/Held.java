package com.posthog.aigateway.call;

import java.util.Comparator;
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
    List<Charge> charges(Spent spent) {
        return parts.stream()
                .flatMap(part -> part.grains().stream()
                        .map(grain -> new Charge(
                                root,
                                epoch,
                                part.account(),
                                grain.at(at),
                                spent.charge(part).nanos())))
                .filter(charge -> charge.nanos() > 0)
                .toList();
    }

    /// The largest charge of a strict part.
    Money most(Spent spent) {
        return parts.stream()
                .filter(Part::strict)
                .map(spent::charge)
                .max(Comparator.naturalOrder())
                .orElse(Money.ZERO);
    }
}
