package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.catalogue.Auth;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.config.Secret;
import com.posthog.aigateway.wire.Unanswered;
import com.posthog.aigateway.wire.Upstream;
import com.posthog.aigateway.wire.UpstreamRequest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts on a request what shows its provider who we are.
public final class Credentials {

    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);

    private final AwsSigner aws;
    private final EntraTokens entra;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    /// @param upstream by which tokens are fetched
    public Credentials(Upstream upstream, Clock clock) {
        this(new TokenDesk(upstream), clock);
    }

    private Credentials(TokenDesk desk, Clock clock) {
        this(new AwsSigner(new AwsPlaces(desk, clock), clock), new EntraTokens(desk, clock));
    }

    Credentials(AwsSigner aws, EntraTokens entra) {
        this.aws = aws;
        this.entra = entra;
    }

    /// Unanswered: there is no credential to be had, so nothing was sent.
    UpstreamRequest on(UpstreamRequest request, Provider provider) throws Unanswered {
        try {
            var shown = shown(configured(request, provider), provider);
            failing.remove(provider.id());
            return shown;
        } catch (NoCredential none) {
            if (failing.add(provider.id())) {
                LOG.warn(
                        "provider '{}' is not asked: {}; it is tried anew with each call",
                        provider.id(),
                        none.getMessage());
            }
            throw new Unanswered(Unanswered.How.NOT_CONNECTED, false, none);
        }
    }

    private static UpstreamRequest configured(UpstreamRequest request, Provider provider) {
        var fields = new ArrayList<>(request.headers().fields());
        provider.headers().forEach((name, value) -> {
            fields.removeIf(field -> field.name().equalsIgnoreCase(name));
            fields.add(new Headers.Field(name, value));
        });
        return request.with(new Headers(fields));
    }

    private UpstreamRequest shown(UpstreamRequest request, Provider provider) throws NoCredential {
        return switch (provider.auth()) {
            case Auth.Key(var key) -> with(request, keyField(provider, key));
            case Auth.Bearer(var token) -> with(request, bearer(token.text()));
            case Auth.Aws account -> aws.sign(request, account);
            case Auth.Entra account -> with(request, bearer(entra.token(account)));
            case Auth.None(var lack) ->
                throw new IllegalStateException("provider '" + provider.id() + "' " + lack + ", and was asked");
        };
    }

    private static Headers.Field keyField(Provider provider, Secret key) {
        if (provider.wire().isAzure()) {
            return new Headers.Field("api-key", key.text());
        } else if (provider.wire().isBedrock() || provider.family() == Family.OPENAI) {
            return bearer(key.text());
        }
        return new Headers.Field("x-api-key", key.text());
    }

    private static Headers.Field bearer(String token) {
        return new Headers.Field("Authorization", "Bearer " + token);
    }

    private static UpstreamRequest with(UpstreamRequest request, Headers.Field field) {
        var fields = new ArrayList<>(request.headers().fields());
        fields.add(field);
        return request.with(new Headers(fields));
    }
}
