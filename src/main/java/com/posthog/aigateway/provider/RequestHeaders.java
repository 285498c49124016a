package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.config.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which of a caller's header fields go to the provider: all but those of the connection, of the caller's identity, and
/// those that are meant for us.
final class RequestHeaders {

    private static final Set<String> KEPT_BACK = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "authorization",
            "x-api-key",
            "api-key",
            "cookie",
            "host",
            "content-length",
            "content-encoding",
            "accept-encoding",
            "expect",
            "forwarded",
            // They would choose among our own accounts at the provider.
            "openai-organization",
            "openai-project",
            "anthropic-workspace-id",
            "traceparent",
            "tracestate",
            "baggage");

    private RequestHeaders() {}

    static Headers passing(Headers caller, Provider provider) {
        var named = new HashSet<String>();
        for (var value : caller.all("connection")) {
            for (var name : value.split(",", -1)) {
                named.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        var fields = new ArrayList<Headers.Field>();
        for (var field : caller.fields()) {
            var name = field.name().toLowerCase(Locale.ROOT);
            if (!KEPT_BACK.contains(name)
                    && !named.contains(name)
                    && !name.startsWith("x-posthog-")
                    && !name.startsWith("x-forwarded-")) {
                fields.add(field);
            }
        }
        // Compressed answers could not be read as they pass.
        fields.add(new Headers.Field("Accept-Encoding", "identity"));
        fields.add(credential(provider));
        return new Headers(fields);
    }

    private static Headers.Field credential(Provider provider) {
        var key = provider.key();
        return switch (provider.family()) {
            case OPENAI -> new Headers.Field("Authorization", "Bearer " + text(key));
            case ANTHROPIC -> new Headers.Field("x-api-key", text(key));
        };
    }

    private static String text(@Nullable Secret key) {
        if (key == null) {
            throw new IllegalStateException("the provider has no key");
        }
        return key.text();
    }
}
