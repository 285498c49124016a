package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// A fault of the sink: which paths it hits (empty: every path that takes events), how often, and how.
/// A status of 0 means that the events are taken, only later.
public record Failure(String path, int status, int times, int retryAfter, Duration delay) {
    private static final Set<String> NAMES = Set.of("path", "status", "times", "retry_after", "delay_ms");

    public static final int ALWAYS = Integer.MAX_VALUE;
    public static final Failure NONE = new Failure("", 0, 0, 0, Duration.ZERO);

    public Failure {
        check(status == 0 || (status >= 300 && status <= 599), "status must be between 300 and 599: " + status);
        check(times >= 0, "times must not be negative: " + times);
        check(retryAfter >= 0, "retry_after must not be negative: " + retryAfter);
        check(!delay.isNegative(), "delay_ms must not be negative: " + delay.toMillis());
        path = withoutSlash(path);
    }

    public static Failure of(int status, int times) {
        return new Failure("", status, times, 0, Duration.ZERO);
    }

    static Failure parse(ObjectNode json) {
        json.fieldNames().forEachRemaining(name -> check(NAMES.contains(name), "unknown member '" + name + "'"));
        return json.isEmpty()
                ? NONE
                : new Failure(
                        json.path("path").asText(""),
                        json.path("status").asInt(0),
                        json.path("times").asInt(ALWAYS),
                        json.path("retry_after").asInt(0),
                        Duration.ofMillis(json.path("delay_ms").asLong(0)));
    }

    boolean hits(String other) {
        return times > 0 && (path.isEmpty() || path.equals(withoutSlash(other)));
    }

    Failure once() {
        return times == ALWAYS ? this : new Failure(path, status, times - 1, retryAfter, delay);
    }

    Optional<String> retryAfterHeader() {
        return retryAfter == 0 ? Optional.empty() : Optional.of(String.valueOf(retryAfter));
    }

    static String withoutSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static void check(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
