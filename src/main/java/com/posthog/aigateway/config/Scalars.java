package com.posthog.aigateway.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// From the text of a YAML scalar to a value. A type of our own takes part by a static `parse(String)`.
final class Scalars {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Set<String> WEB = Set.of("http", "https");

    private static final Map<Class<?>, Function<String, Object>> READERS = Map.ofEntries(
            Map.entry(String.class, text -> text),
            Map.entry(int.class, text -> whole(text, Integer::parseInt)),
            Map.entry(Integer.class, text -> whole(text, Integer::parseInt)),
            Map.entry(long.class, text -> whole(text, Long::parseLong)),
            Map.entry(Long.class, text -> whole(text, Long::parseLong)),
            Map.entry(boolean.class, Scalars::flag),
            Map.entry(Boolean.class, Scalars::flag),
            Map.entry(BigDecimal.class, Scalars::decimal),
            Map.entry(Duration.class, Scalars::duration),
            Map.entry(LocalDate.class, text -> dated(text, LocalDate::parse, "a date such as 2026-10-07")),
            Map.entry(Instant.class, text -> dated(text, Instant::parse, "a time such as 2026-10-07T00:00:00Z")),
            Map.entry(Path.class, Path::of),
            Map.entry(URI.class, Scalars::uri));

    private Scalars() {}

    static boolean covers(Class<?> type) {
        return READERS.containsKey(type) || type.isEnum() || parser(type) != null;
    }

    /// IllegalArgumentException: the text is not of that type; its message says what would be.
    static Object read(String text, Class<?> type) {
        var reader = READERS.get(type);
        if (reader != null) {
            return reader.apply(text);
        }
        var parser = parser(type);
        return parser != null ? parsed(parser, text) : constant(text, type);
    }

    /// The text that [#read] would take, of values whose own form differs.
    static String write(Object value) {
        return value instanceof Duration duration ? duration(duration) : value.toString();
    }

    private static String duration(Duration duration) {
        if (duration.toMillisPart() > 0 || duration.isZero()) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        return seconds % 86_400 == 0 ? seconds / 86_400 + "d" : seconds + "s";
    }

    private static @Nullable Method parser(Class<?> type) {
        try {
            var parser = type.getDeclaredMethod("parse", String.class);
            parser.setAccessible(true);
            return parser;
        } catch (NoSuchMethodException none) {
            return null;
        }
    }

    private static Object parsed(Method parser, String text) {
        try {
            return parser.invoke(null, text);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof IllegalArgumentException wrong
                    ? wrong
                    : new IllegalStateException(parser + " failed", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(parser + " cannot be called", e);
        }
    }

    private static Object constant(String text, Class<?> type) {
        var constants = type.getEnumConstants();
        return Arrays.stream(constants)
                .filter(constant -> word(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.stream(constants).map(Scalars::word).collect(Collectors.joining(", ")) + ": '" + text
                        + "'"));
    }

    private static String word(Object constant) {
        var text = constant.toString();
        return text.equals(((Enum<?>) constant).name()) ? text.toLowerCase(Locale.ROOT) : text;
    }

    private static Object whole(String text, Function<String, Object> parse) {
        try {
            return parse.apply(text.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a whole number: '" + text + "'", e);
        }
    }

    private static Object decimal(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a number: '" + text + "'", e);
        }
    }

    private static Object flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false: '" + text + "'");
        };
    }

    private static Object duration(String text) {
        var match = DURATION.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("must be a duration such as 50ms, 3s, 10m, 24h or 7d: '" + text + "'");
        }
        long amount = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Object dated(String text, Function<String, Object> parse, String form) {
        try {
            return parse.apply(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("must be " + form + ": '" + text + "'", e);
        }
    }

    private static Object uri(String text) {
        try {
            var uri = new URI(text);
            if (uri.getHost() != null && WEB.contains(uri.getScheme())) {
                return uri;
            }
            throw new URISyntaxException(text, "no http, no https, or no host");
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("must be a URL such as https://api.openai.com: '" + text + "'", e);
        }
    }
}
