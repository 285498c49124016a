package com.posthog.aigateway.mock;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a request wants the mock to do wrong, slowly or otherwise than usual: `status=529,after=3,chunk-gap=50ms`.
/// Numbers that were not given are -1. `fails=2` lets the fault come twice, and the third time the same request is
/// answered. `tool=name` or `tool=name:<arguments>` calls that tool if it is offered; all that follows belongs to it.
record Directives(
        int status,
        String retryAfter,
        int after,
        Duration delay,
        Duration chunkGap,
        boolean cut,
        int cutBytes,
        boolean silent,
        boolean truncate,
        int words,
        int chunk,
        int fails,
        String fixture,
        String tool,
        String toolArguments,
        Extras extras) {

    private static final int ABSENT = -1;
    private static final int MOST_TOKENS = 1_000_000;
    private static final List<String> NAMES = List.of(
            "status",
            "retry-after",
            "after",
            "delay",
            "chunk-gap",
            "cut",
            "silent",
            "truncate",
            "words",
            "chunk",
            "fails",
            "fixture",
            "tool",
            "reasoning",
            "server-input",
            "tier",
            "compaction",
            "no-usage",
            "late");

    static final Directives NONE = parse("");

    /// The later of two equal names wins. Complains about what it does not know, naming it.
    static Directives parse(String... texts) {
        var given = new HashMap<String, String>();
        for (var text : texts) {
            read(text, given);
        }
        var tool = given.getOrDefault("tool", "");
        int colon = tool.indexOf(':');
        var arguments = colon < 0 ? "" : tool.substring(colon + 1);
        return new Directives(
                number(given, "status", 300, 599),
                given.getOrDefault("retry-after", ""),
                number(given, "after", 0, Integer.MAX_VALUE),
                duration(given, "delay"),
                duration(given, "chunk-gap"),
                given.containsKey("cut"),
                given.getOrDefault("cut", "").isEmpty() ? ABSENT : number(given, "cut", 0, Integer.MAX_VALUE),
                flag(given, "silent"),
                flag(given, "truncate"),
                number(given, "words", 1, 1_000_000),
                number(given, "chunk", 1, Integer.MAX_VALUE),
                number(given, "fails", 0, Integer.MAX_VALUE),
                given.getOrDefault("fixture", ""),
                colon < 0 ? tool : tool.substring(0, colon),
                arguments,
                extras(given));
    }

    private static Extras extras(Map<String, String> given) {
        return new Extras(
                Math.max(0, number(given, "reasoning", 0, MOST_TOKENS)),
                Math.max(0, number(given, "server-input", 0, MOST_TOKENS)),
                given.getOrDefault("tier", ""),
                Math.max(0, number(given, "compaction", 0, MOST_TOKENS)),
                flag(given, "no-usage"),
                duration(given, "late"));
    }

    /// What holds for a request that came `before` times before.
    Directives afterFailures(int before) {
        return fails == ABSENT || before < fails
                ? this
                : new Directives(
                        ABSENT,
                        "",
                        ABSENT,
                        delay,
                        chunkGap,
                        false,
                        ABSENT,
                        false,
                        false,
                        words,
                        chunk,
                        ABSENT,
                        fixture,
                        tool,
                        toolArguments,
                        extras);
    }

    /// True when the answer is a native error from its first byte.
    boolean failsAtOnce(boolean stream) {
        return status != ABSENT && (after == ABSENT || !stream);
    }

    /// True when a stream that began well is to end with a native error event.
    boolean failsLater() {
        return status != ABSENT && after != ABSENT;
    }

    int wordsOr(int usual) {
        return words == ABSENT ? usual : words;
    }

    private static void read(String text, Map<String, String> given) {
        int from = 0;
        while (from < text.length()) {
            int comma = text.indexOf(',', from);
            boolean takesTheRest = text.startsWith("tool=", from);
            int end = comma < 0 || takesTheRest ? text.length() : comma;
            var directive = text.substring(from, end).strip();
            from = end + 1;
            if (!directive.isEmpty()) {
                int equals = directive.indexOf('=');
                var name = equals < 0 ? directive : directive.substring(0, equals);
                check(NAMES.contains(name), "unknown directive '" + name + "'; known: " + String.join(", ", NAMES));
                given.put(name, equals < 0 ? "" : directive.substring(equals + 1));
            }
        }
    }

    private static boolean flag(Map<String, String> given, String name) {
        var value = given.get(name);
        check(value == null || value.isEmpty(), "directive '" + name + "' takes no value: " + value);
        return value != null;
    }

    private static int number(Map<String, String> given, String name, int least, int most) {
        var value = given.get(name);
        return value == null ? ABSENT : number(name, value, least, most);
    }

    private static int number(String name, String digits, int least, int most) {
        boolean readable = !digits.isEmpty()
                && digits.length() <= 9
                && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        check(readable, "directive '" + name + "' must be a whole number: '" + digits + "'");
        int number = Integer.parseInt(digits);
        check(number >= least && number <= most, "directive '" + name + "' is out of range: " + number);
        return number;
    }

    private static Duration duration(Map<String, String> given, String name) {
        var value = given.get(name);
        if (value == null) {
            return Duration.ZERO;
        }
        if (value.endsWith("ms")) {
            return Duration.ofMillis(number(name, value.substring(0, value.length() - 2), 0, 600_000));
        }
        check(value.endsWith("s"), "directive '" + name + "' must be like 50ms or 2s: '" + value + "'");
        return Duration.ofSeconds(number(name, value.substring(0, value.length() - 1), 0, 600));
    }

    private static void check(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
