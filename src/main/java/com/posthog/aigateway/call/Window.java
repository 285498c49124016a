package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.stream.Collectors;

/// The time in which a budget holds: the last hours, a day or a month of the calendar in UTC, or for ever.
public enum Window {
    FIVE_HOURS("5h", Grain.FIVE_MINUTES),
    TWENTY_FOUR_HOURS("24h", Grain.HALF_HOUR),
    THIRTY_DAYS("30d", Grain.HALF_DAY),
    DAY("day", Grain.DAY),
    MONTH("month", Grain.DAY),
    LIFETIME("lifetime", Grain.LIFETIME);

    private final String word;
    private final Grain grain;

    Window(String word, Grain grain) {
        this.word = word;
        this.grain = grain;
    }

    /// IllegalArgumentException: not one of the known words.
    public static Window parse(String text) {
        return Arrays.stream(values())
                .filter(window -> window.word.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.stream(values()).map(Window::word).collect(Collectors.joining(", ")) + ": '" + text
                        + "'"));
    }

    @JsonValue
    public String word() {
        return word;
    }

    @Override
    public String toString() {
        return word;
    }

    public Grain grain() {
        return grain;
    }

    /// The index of the oldest bucket that it touches at a moment (milliseconds since 1970).
    public long oldest(long moment) {
        return switch (this) {
            case FIVE_HOURS -> grain.index(moment - Duration.ofHours(5).toMillis());
            case TWENTY_FOUR_HOURS -> grain.index(moment - Duration.ofHours(24).toMillis());
            case THIRTY_DAYS -> grain.index(moment - Duration.ofDays(30).toMillis());
            case DAY -> grain.index(moment);
            case MONTH -> grain.index(millis(day(moment).withDayOfMonth(1)));
            case LIFETIME -> 0;
        };
    }

    /// The index of the last bucket that counts at a moment. A rolling window counts also what a clock ahead of ours
    /// has begun; the next day or month is another window.
    public long last(long moment) {
        return switch (this) {
            case FIVE_HOURS, TWENTY_FOUR_HOURS, THIRTY_DAYS, LIFETIME -> Long.MAX_VALUE;
            case DAY -> grain.index(moment);
            case MONTH -> grain.index(millis(day(moment).withDayOfMonth(1).plusMonths(1))) - 1;
        };
    }

    /// When a bucket leaves the window, in milliseconds since 1970; the largest number where it never does.
    public long leaves(Bucket bucket) {
        return switch (this) {
            case FIVE_HOURS -> bucket.end() + Duration.ofHours(5).toMillis();
            case TWENTY_FOUR_HOURS -> bucket.end() + Duration.ofHours(24).toMillis();
            case THIRTY_DAYS -> bucket.end() + Duration.ofDays(30).toMillis();
            case DAY -> bucket.end();
            case MONTH -> millis(day(bucket.end() - 1).withDayOfMonth(1).plusMonths(1));
            case LIFETIME -> Long.MAX_VALUE;
        };
    }

    private static LocalDate day(long moment) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(moment), ZoneOffset.UTC);
    }

    private static long millis(LocalDate day) {
        return day.atTime(LocalTime.MIDNIGHT).toInstant(ZoneOffset.UTC).toEpochMilli();
    }
}
