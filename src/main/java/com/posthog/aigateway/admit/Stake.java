package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Window;
import java.util.List;
import java.util.Set;

/// A claim whose amount is not known yet.
///
/// @param strict true where the amount is the worst case, and a call without final usage is charged all of it
/// @param binding true where a call that has no worst case is refused
/// @param finishing the windows at whose limit a stream that has begun runs on
record Stake(
        Account account, boolean strict, boolean binding, List<Cap> caps, List<Rate> rates, Set<Window> finishing) {

    Stake {
        caps = List.copyOf(caps);
        rates = List.copyOf(rates);
        finishing = Set.copyOf(finishing);
    }

    Claim claim(Amounts amounts) {
        return new Claim(account, strict ? amounts.worst() : amounts.estimate(), strict, caps, rates);
    }
}
