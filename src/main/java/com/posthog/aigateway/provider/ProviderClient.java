package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;

/// Speaks with one kind of provider. Its replies are in the caller's own shape.
public interface ProviderClient {

    /// Asks one target of a call's route.
    Reply ask(Call call, Route route, Target target, Patience patience, Hangup hangup) throws Unanswered;

    /// Asks a fallback target, with the call as it is said there.
    default Reply ask(Call call, Route route, Target target, Fit.As fit, Patience patience, Hangup hangup)
            throws Unanswered {
        throw new UnsupportedOperationException("no fallback speaks this way");
    }
}
