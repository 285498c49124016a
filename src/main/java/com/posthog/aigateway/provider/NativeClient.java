package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import com.posthog.aigateway.wire.Upstream;
import com.posthog.aigateway.wire.UpstreamRequest;
import java.net.URI;
import java.util.List;

/// Speaks with a provider in its own shape: the caller's bytes, our credential.
public final class NativeClient implements ProviderClient {

    private final Upstream upstream;

    public NativeClient(Upstream upstream) {
        this.upstream = upstream;
    }

    @Override
    public Reply ask(Call call, Route route, Target target, Patience patience, Hangup hangup) throws Unanswered {
        var provider = target.provider();
        var request = new UpstreamRequest(
                call.endpoint().method(),
                provider.url(),
                path(provider.url(), call),
                RequestHeaders.passing(call.headers(), provider, route.beta()),
                Splices.of(call, route.modelAt(target)));
        return upstream.send(request, patience, hangup);
    }

    /// A fallback of the same dialect: the call as it is said there, our credential there.
    @Override
    public Reply ask(Call call, Route route, Target target, Fit.As fit, Patience patience, Hangup hangup)
            throws Unanswered {
        var provider = target.provider();
        var request = new UpstreamRequest(
                call.endpoint().method(),
                provider.url(),
                path(provider.url(), call),
                RequestHeaders.passing(fit.headers(), provider, null),
                List.of(UpstreamRequest.Slice.of(fit.body())));
        return upstream.send(request, patience, hangup);
    }

    private static String path(URI base, Call call) {
        var path = base.getRawPath() == null ? "" : base.getRawPath();
        var prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return prefix + "/v1" + call.path() + (call.query().isEmpty() ? "" : "?" + call.query());
    }
}
