package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Headers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

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

    /// What a name may have beside letters and digits (RFC 9110, section 5.6.2).
    private static final String MARKS = "!#$%&'*+-.^_`|~";

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
        for (var field : ours.fields()) {
            if (canBeWritten(field)) {
                fields.add(field);
            }
        }
        return new Headers(fields);
    }

    /// One field that is no HTTP (RFC 9110, section 5.5) would cost the whole answer: ours may hold a model's name
    /// that the caller made up.
    private static boolean canBeWritten(Headers.Field field) {
        return isToken(field.name()) && isValue(field.value());
    }

    /// Two loops, since every field of every answer comes by here.
    private static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            char one = name.charAt(i);
            boolean alphanumeric =
                    (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9');
            if (!alphanumeric && MARKS.indexOf(one) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char one = value.charAt(i);
            if (one != '\t' && (one < ' ' || one == 0x7f)) {
                return false;
            }
        }
        return true;
    }
}
