package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Window;
import java.util.Set;

/// A claim whose amount is not known yet.
///
/// @param strict true where the amount is the worst case, and a call without final usage is charged all of it
/// @param binding true where a call that has no worst case is refused
/// @param finishing the windows at whose limit a stream that has begun runs on
record Stake(Claim claim, boolean strict, boolean binding, Set<Window> finishing) {

    Stake {
        finishing = Set.copyOf(finishing);
    }

    Claim of(Amounts amounts) {
        return claim.withNanos(strict ? amounts.worst() : amounts.estimate());
    }
}
