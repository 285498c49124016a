package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.catalogue.Target;

/// Says whether the money of a call allows one more attempt.
@FunctionalInterface
public interface Spending {

    /// Asked before each attempt but the first one at the route's own primary. Where it is false, nothing has
    /// changed.
    ///
    /// @param beside true when an earlier attempt may still be billed, so that both are held; else what was
    /// held moves
    boolean allows(Target next, boolean beside);
}
