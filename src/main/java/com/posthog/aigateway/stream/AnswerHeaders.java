package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Headers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Which of a provider's header fields reach the caller: all but those of the connection, of the provider's edge, and
/// those that name our account.
final class AnswerHeaders {

    private static final Set<String> KEPT_BACK = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length",
            "set-cookie",
            "set-cookie2",
            "alt-svc",
            "strict-transport-security",
            "via",
            "nel",
            "report-to",
            "openai-organization",
            "openai-project",
            "anthropic-organization-id",
            "anthropic-workspace-id");

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private AnswerHeaders() {}

    /// The provider's fields that may pass, then ours.
    static Headers passing(Headers upstream, Headers ours) {
        var named = new HashSet<String>();
        for (var value : upstream.all("connection")) {
            for (var name : value.split(",", -1)) {
                named.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        var fields = new ArrayList<Headers.Field>();
        for (var field : upstream.fields()) {
            var name = field.name().toLowerCase(Locale.ROOT);
            if (canBeWritten(field)
                    && !KEPT_BACK.contains(name)
                    && !named.contains(name)
                    && !name.startsWith("cf-")
                    && !name.startsWith("x-posthog-")
                    && !name.contains("api-key")) {
                fields.add(field);
            }
        }
        ours.fields().stream().filter(AnswerHeaders::canBeWritten).forEach(fields::add);
        return new Headers(fields);
    }

    /// One field that is no HTTP (RFC 9110, section 5.5) would cost the whole answer: ours may hold a model's name
    /// that the caller made up.
    private static boolean canBeWritten(Headers.Field field) {
        return TOKEN.matcher(field.name()).matches()
                && field.value().chars().allMatch(one -> one == '\t' || (one >= ' ' && one != 0x7f));
    }
}
