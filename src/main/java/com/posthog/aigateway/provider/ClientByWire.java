package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.catalogue.Wire;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import java.util.function.Function;

/// Speaks with every kind of provider: with each target as its provider is spoken to.
///
/// @param clients one for each wire
public record ClientByWire(Function<Wire, ProviderClient> clients) implements ProviderClient {

    @Override
    public Reply ask(Call call, Route route, Target target, Patience patience, Hangup hangup) throws Unanswered {
        return client(target).ask(call, route, target, patience, hangup);
    }

    @Override
    public Reply ask(Call call, Route route, Target target, Fit.As fit, Patience patience, Hangup hangup)
            throws Unanswered {
        return client(target).ask(call, route, target, fit, patience, hangup);
    }

    private ProviderClient client(Target target) {
        return clients.apply(target.provider().wire());
    }
}
