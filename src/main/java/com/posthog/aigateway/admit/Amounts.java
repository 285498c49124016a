package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Route;

/// How much one attempt asks for.
///
/// @param estimate what breathing budgets hold, in nano-dollars
/// @param worst what strict budgets hold; the estimate where no worst case is asked for, or only watched and
/// not there
/// @param tokens expected, for limits of tokens
record Amounts(long estimate, long worst, long tokens) {

    /// Refusal: the call could cost more than its credential may spend at once; or some budget is strict, and
    /// the call has no worst case.
    static Amounts of(Caller caller, Call call, Route route, Ask ask, Catalogue catalogue) {
        var estimate = Estimate.of(call, route);
        long expected = estimate.cost(catalogue, call, route).nanos();
        var most = caller.bounds().perCall();
        if (most == null && !ask.isStrict()) {
            return new Amounts(expected, expected, estimate.tokens());
        }
        long worst = switch (Bound.of(call, route, catalogue)) {
            case Bound.Worst found -> {
                if (most != null && found.cost().compareTo(most) > 0) {
                    throw tooDear(found.cost(), most, caller);
                }
                yield found.cost().nanos();
            }
            case Bound.Unbounded none -> {
                if (most != null || ask.isBinding()) {
                    throw none.refusal();
                }
                yield expected;
            }
        };
        return new Amounts(expected, worst, estimate.tokens());
    }

    private static Refusal tooDear(Money worst, Money most, Caller caller) {
        return new Refusal(
                Reason.CALL_TOO_DEAR,
                "this call could cost " + worst + " USD, and credential '" + caller.credential() + "' may spend " + most
                        + " on one call; ask for less output, send less, or use a cheaper model");
    }
}
