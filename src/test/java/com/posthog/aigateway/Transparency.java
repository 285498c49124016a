package com.posthog.aigateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Where the gateway's head differs from what was sent, as data: all of it is told to users in `docs/bytes.md`.
final class Transparency {

    /// Fields of a request that stay here.
    static final Set<String> REQUEST_DROPPED = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect",
            "content-length",
            "host",
            "authorization",
            "x-api-key",
            "api-key",
            "cookie",
            "content-encoding",
            "accept-encoding",
            "forwarded",
            "openai-organization",
            "openai-project",
            "anthropic-workspace-id",
            "traceparent",
            "tracestate",
            "baggage");

    static final List<String> REQUEST_DROPPED_BEGINNINGS = List.of("x-posthog-", "x-forwarded-");

    /// Fields of a request that are ours: those of the new connection, and the credential.
    static final Set<String> REQUEST_ADDED =
            Set.of("host", "content-length", "connection", "accept-encoding", "authorization", "x-api-key");

    /// Fields of an answer that stay here.
    static final Set<String> ANSWER_DROPPED = Set.of(
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

    static final List<String> ANSWER_DROPPED_BEGINNINGS = List.of("cf-", "x-posthog-");
    static final String ANSWER_DROPPED_PART = "api-key";

    /// Fields of an answer that are ours: those of the caller's connection, and what the call was.
    static final Set<String> ANSWER_ADDED = Set.of(
            "content-length",
            "transfer-encoding",
            "connection",
            "x-posthog-request-id",
            "x-posthog-provider",
            "x-posthog-model",
            "x-posthog-attempts",
            "x-posthog-cost-usd");

    /// A caller who says `TE: trailers` is told by the server that a trailer may follow a streamed answer.
    static final Set<String> ANSWER_ADDED_FOR_TRAILERS = Set.of("trailer");

    /// A server says the time where the provider did not.
    static final Set<String> ANSWER_ADDED_WHERE_MISSING = Set.of("date");

    private Transparency() {}

    /// What of a request's fields the provider must get.
    static Map<String, List<String>> ofRequest(Map<String, List<String>> sent) {
        var passing = new TreeMap<>(sent);
        passing.keySet()
                .removeIf(name -> REQUEST_DROPPED.contains(name)
                        || REQUEST_DROPPED_BEGINNINGS.stream().anyMatch(name::startsWith));
        passing.keySet().removeAll(named(sent));
        return passing;
    }

    /// What of an answer's fields the caller must get.
    static Map<String, List<String>> ofAnswer(Map<String, List<String>> sent) {
        var passing = new TreeMap<>(sent);
        passing.keySet()
                .removeIf(name -> ANSWER_DROPPED.contains(name)
                        || name.contains(ANSWER_DROPPED_PART)
                        || ANSWER_DROPPED_BEGINNINGS.stream().anyMatch(name::startsWith));
        passing.keySet().removeAll(named(sent));
        return passing;
    }

    /// What the connection's own field names ends with the connection.
    private static List<String> named(Map<String, List<String>> sent) {
        var named = new ArrayList<String>();
        for (var value : sent.getOrDefault("connection", List.of())) {
            for (var name : value.split(",", -1)) {
                named.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return named;
    }

    static Map<String, List<String>> without(Map<String, List<String>> fields, Set<String> names) {
        var rest = new TreeMap<>(fields);
        rest.keySet().removeAll(names);
        return rest;
    }
}
