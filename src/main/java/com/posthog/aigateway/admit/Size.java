package com.posthog.aigateway.admit;

/// How much a call holds by now.
///
/// @param attempts made so far, each of which may be billed
/// @param estimate of all of them together, in nano-dollars
record Size(int attempts, long estimate) {

    /// What a claim that asked for `one` attempt holds.
    long of(Claim one) {
        return one.strict() ? Math.multiplyExact(one.nanos(), attempts) : estimate;
    }
}
