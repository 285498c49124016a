package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;

/// Why an admission is refused, or would be.
///
/// @param what the window of a budget, or the kind of a limit, in its YAML word
/// @param money true where the amounts are nano-dollars
/// @param after milliseconds until the same call would fit, if nothing else comes; -1: never, or not known
record Denial(Account account, String what, boolean money, long limit, long used, long held, long after) {

    static final long NEVER = -1;

    /// Of several limits that refuse, the one that is reached longest tells when to ask again.
    boolean isOverBefore(Denial other) {
        return after != NEVER && (other.after == NEVER || after < other.after);
    }
}
