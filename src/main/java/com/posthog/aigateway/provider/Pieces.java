package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Reply;
import org.jspecify.annotations.Nullable;

/// A body that is made of another one, piece by piece.
@FunctionalInterface
interface Pieces {

    /// The next piece, which may be empty; null at the end.
    ///
    /// @param beforeWaiting runs before the thread waits for the network
    byte @Nullable [] next(Runnable beforeWaiting) throws Reply.Broken;
}
