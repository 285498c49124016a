package com.posthog.aigateway.wire;

import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reply;

/// Carries a request to a provider and brings back its open answer: no redirects, no added headers, no retries of what
/// may have been processed, no decoding.
public interface Upstream extends AutoCloseable {

    /// Sends the request and waits for the head of the answer. `hangup` breaks it off at any moment until the reply is
    /// closed.
    ///
    /// Unanswered: there is no head, and will be none.
    Reply send(UpstreamRequest request, Patience patience, Hangup hangup) throws Unanswered;

    @Override
    void close();
}
