package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.uuid.UuidCreator;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Labels;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what a caller wants written on its event. A label that cannot be read is left out; none fails a call.
public final class LabelReader {

    private static final String PROPERTY = "x-posthog-property-";
    private static final String FLAG = "x-posthog-flag-";
    private static final String SESSION = "$ai_session_id";
    private static final int LONGEST = 65_536;

    /// Ours to say, or a word to capture that could lose the event.
    private static final Set<String> RESERVED = Set.of(
            "team_id", "ai_product", "token", "distinct_id", "$cookieless_mode", "$ignore_sent_at", "$product_tour_id");

    private static final Pattern TRACE = Pattern.compile("[A-Za-z0-9\\-_~.@()!':|]+");
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");
    private static final Pattern HEX_OF_UUID = Pattern.compile("(.{8})(.{4})(.{4})(.{4})(.{12})");
    private static final Pattern UUID_TEXT = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /// The one PostHog's first gateway names traces in, so that a trace keeps its id.
    private static final UUID TRACES = UUID.fromString("8d4f6b7e-6a3e-4f3a-9f3b-3b6f4d2e8a1a");

    private LabelReader() {}

    public static Labels read(Call call) {
        var headers = call.headers();
        return new Labels(
                text(headers, "X-PostHog-Distinct-Id").orElse(null),
                trace(call),
                text(headers, "X-PostHog-Session-Id")
                        .or(() -> text(headers, PROPERTY + SESSION))
                        .orElse(null),
                text(headers, "X-PostHog-Product").orElse(null),
                properties(headers));
    }

    /// The names alone that stand in headers: of a user and of a product.
    public static Labels names(Headers headers) {
        return new Labels(
                text(headers, "X-PostHog-Distinct-Id").orElse(null),
                null,
                null,
                text(headers, "X-PostHog-Product").orElse(null),
                Map.of());
    }

    private static Optional<String> text(Headers headers, String name) {
        return headers.first(name).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Map<String, Object> properties(Headers headers) {
        var properties = new HashMap<String, Object>();
        for (var field : headers.fields()) {
            var name = field.name().toLowerCase(Locale.ROOT);
            if (name.startsWith(PROPERTY)) {
                put(properties, name.substring(PROPERTY.length()), field.value());
            } else if (name.startsWith(FLAG) && name.length() > FLAG.length()) {
                put(properties, "$feature/" + name.substring(FLAG.length()), field.value());
            }
        }
        for (var member : object(headers).properties()) {
            if (!member.getValue().isNull()) {
                put(properties, member.getKey(), Json.plain(member.getValue()));
            }
        }
        return properties;
    }

    /// A header of its own comes first, and wins over the same name in the object.
    private static void put(Map<String, Object> properties, String name, Object value) {
        if (mayBeSet(name, value)) {
            properties.putIfAbsent(name, value);
        }
    }

    private static boolean mayBeSet(String name, Object value) {
        var lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("$process_person_profile")) {
            return value instanceof Boolean;
        }
        return !lower.isEmpty() && !lower.startsWith("$ai_") && !lower.startsWith("aigw_") && !RESERVED.contains(lower);
    }

    private static ObjectNode object(Headers headers) {
        var text = headers.first("X-PostHog-Properties").orElse("");
        if (text.length() > LONGEST || !(Json.read(text) instanceof ObjectNode object)) {
            return Json.object();
        }
        Fit.make(object);
        return object;
    }

    private static @Nullable String trace(Call call) {
        return text(call.headers(), "X-PostHog-Trace-Id")
                .map(id -> TRACE.matcher(id).matches() ? id : named(id))
                .or(() -> text(call.headers(), "traceparent").flatMap(LabelReader::traceOf))
                .or(() -> userOf(call).map(id -> UUID_TEXT.matcher(id).matches() ? id : named(id)))
                .orElse(null);
    }

    private static Optional<String> traceOf(String traceparent) {
        var parts = TRACEPARENT.matcher(traceparent.toLowerCase(Locale.ROOT));
        return parts.matches()
                ? Optional.of(HEX_OF_UUID.matcher(parts.group(1)).replaceFirst("$1-$2-$3-$4-$5"))
                : Optional.empty();
    }

    /// Claude Code writes its whole session there, as JSON.
    private static Optional<String> userOf(Call call) {
        if (call.endpoint().shape().family() != Family.ANTHROPIC) {
            return Optional.empty();
        }
        return call.body().text("metadata", "user_id").filter(user -> !user.isBlank());
    }

    private static String named(String id) {
        return UuidCreator.getNameBasedSha1(TRACES, id).toString();
    }
}
