package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import com.posthog.aigateway.wire.Upstream;
import com.posthog.aigateway.wire.UpstreamRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Speaks with a provider in its own shape: the caller's bytes, our credential.
public final class NativeClient implements ProviderClient {

    private final Upstream upstream;

    public NativeClient(Upstream upstream) {
        this.upstream = upstream;
    }

    @Override
    public Reply ask(Call call, Provider provider, @Nullable String model, Patience patience, Hangup hangup)
            throws Unanswered {
        var request = new UpstreamRequest(
                call.endpoint().method(),
                provider.url(),
                target(provider.url(), call),
                RequestHeaders.passing(call.headers(), provider),
                Splices.of(call, model));
        return upstream.send(request, patience, hangup);
    }

    private static String target(URI base, Call call) {
        var path = base.getRawPath() == null ? "" : base.getRawPath();
        var prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return prefix + "/v1" + call.path() + (call.query().isEmpty() ? "" : "?" + call.query());
    }
}
