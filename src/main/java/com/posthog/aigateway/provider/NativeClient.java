package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import com.posthog.aigateway.wire.Upstream;
import com.posthog.aigateway.wire.UpstreamRequest;
import com.posthog.aigateway.wire.UpstreamRequest.Slice;
import java.util.List;

/// Speaks with whoever speaks the caller's own shape over plain HTTP, be it at the family's own house, at Azure, or at
/// AWS: the caller's bytes, our credential.
public final class NativeClient implements ProviderClient {

    private final Upstream upstream;
    private final Credentials credentials;

    public NativeClient(Upstream upstream, Credentials credentials) {
        this.upstream = upstream;
        this.credentials = credentials;
    }

    @Override
    public Reply ask(Call call, Route route, Target target, Patience patience, Hangup hangup) throws Unanswered {
        var headers = RequestHeaders.passing(call.headers(), route.beta());
        return send(call, target, headers, Splices.of(call, route.modelAt(target)), patience, hangup);
    }

    @Override
    public Reply ask(Call call, Route route, Target target, Fit.As fit, Patience patience, Hangup hangup)
            throws Unanswered {
        var headers = RequestHeaders.passing(fit.headers(), null);
        var reply = send(call, target, headers, List.of(Slice.of(fit.body())), patience, hangup);
        // Who asked another house does not know this one's first chunk, which has no choices.
        return target.provider().wire().isAzure() ? FiltersDropped.from(call, reply) : reply;
    }

    private Reply send(Call call, Target target, Headers headers, List<Slice> body, Patience patience, Hangup hangup)
            throws Unanswered {
        var provider = target.provider();
        var request =
                new UpstreamRequest(call.endpoint().method(), provider.url(), Address.of(call, target), headers, body);
        var reply = upstream.send(credentials.on(request, provider), patience, hangup);
        return provider.wire().isBedrock() ? AwsAnswer.of(reply, provider.family()) : reply;
    }
}
