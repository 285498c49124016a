package com.posthog.aigateway.call;

import java.util.List;

/// What the attempts of one call have cost, for the accounts that pay.
///
/// @param served the provider whose answer the cost is of
/// @param attempts those with an estimate may be billed beside the one that served
record Spent(String served, Cost cost, List<Attempt> attempts) {

    /// What one account is charged. A provider's own account pays for what went there, every other one for all.
    Money charge(Held.Part part) {
        boolean own = part.account().scope() == Scope.PROVIDER;
        var provider = part.account().id();
        var billed = attempts.stream()
                .filter(attempt -> attempt.estimate() != null)
                .filter(attempt -> !own || attempt.provider().equals(provider))
                .toList();
        boolean serves = !own || served.isEmpty() || served.equals(provider);
        if (part.strict()) {
            return strict(part, billed.size(), serves);
        }
        return billed.stream().map(Spent::estimate).reduce(serves ? cost.total() : Money.ZERO, Money::plus);
    }

    /// Each attempt has an equal part of the hold, and one without a final usage is charged all of its own.
    private Money strict(Held.Part part, int billed, boolean serves) {
        int attempts = billed + (serves ? 1 : 0);
        if (attempts == 0) {
            return Money.ZERO;
        }
        long each = part.nanos() / attempts;
        long last = cost.estimated()
                ? Math.max(cost.total().nanos(), each)
                : cost.total().nanos();
        return new Money(billed * each + (serves ? last : 0));
    }

    private static Money estimate(Attempt attempt) {
        var estimate = attempt.estimate();
        return estimate == null ? Money.ZERO : estimate;
    }
}
