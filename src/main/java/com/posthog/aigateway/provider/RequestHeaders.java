package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Headers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which of a caller's header fields go to the provider: all but those of the connection, of the caller's identity, and
/// those that are meant for us. A beta that the model's name asked for joins the caller's own.
public final class RequestHeaders {

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

    private static final String BETA = "anthropic-beta";

    private RequestHeaders() {}

    /// @param beta null: nothing is added
    static Headers passing(Headers caller, @Nullable String beta) {
        var fields = kept(caller);
        if (beta != null) {
            addBeta(fields, beta);
        }
        // Compressed answers could not be read as they pass.
        fields.add(new Headers.Field("Accept-Encoding", "identity"));
        return new Headers(fields);
    }

    /// What of a caller's own fields passes, as it came.
    public static List<Headers.Field> kept(Headers caller) {
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
        return fields;
    }

    private static void addBeta(List<Headers.Field> fields, String beta) {
        int last = -1;
        for (int i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            if (field.name().equalsIgnoreCase(BETA)) {
                last = i;
                if (Arrays.stream(field.value().split(",", -1))
                        .map(String::strip)
                        .anyMatch(beta::equals)) {
                    return;
                }
            }
        }
        if (last < 0) {
            fields.add(new Headers.Field(BETA, beta));
        } else {
            var field = fields.get(last);
            var before = field.value().isBlank() ? "" : field.value() + ",";
            fields.set(last, new Headers.Field(field.name(), before + beta));
        }
    }
}
