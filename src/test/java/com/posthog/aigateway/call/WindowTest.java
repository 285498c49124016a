package com.posthog.aigateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WindowTest {

    /// The window's first and last bucket at a moment, as the moments at which they begin.
    @ParameterizedTest
    @CsvSource({
        "5h, 2026-03-01T12:03:00Z, 2026-03-01T07:00:00Z",
        "5h, 2026-03-01T12:05:00Z, 2026-03-01T07:05:00Z",
        "5h, 2026-03-01T02:00:00Z, 2026-02-28T21:00:00Z",
        "24h, 2026-03-01T12:29:59Z, 2026-02-28T12:00:00Z",
        "24h, 2026-03-01T12:30:00Z, 2026-02-28T12:30:00Z",
        "30d, 2026-03-01T12:00:00Z, 2026-01-30T12:00:00Z",
        "30d, 2026-03-01T11:59:59Z, 2026-01-30T00:00:00Z",
        "day, 2026-03-01T00:00:00Z, 2026-03-01T00:00:00Z",
        "day, 2026-02-28T23:59:59.999Z, 2026-02-28T00:00:00Z",
        "month, 2026-03-01T00:00:00Z, 2026-03-01T00:00:00Z",
        "month, 2026-02-28T23:59:59.999Z, 2026-02-01T00:00:00Z",
        "month, 2024-02-29T12:00:00Z, 2024-02-01T00:00:00Z",
        "lifetime, 2026-03-01T12:00:00Z, 1970-01-01T00:00:00Z",
    })
    void beginsWithItsOldestBucket(String word, Instant moment, Instant begin) {
        var window = Window.parse(word);

        long oldest = window.oldest(moment.toEpochMilli());

        assertThat(oldest).isEqualTo(window.grain().at(begin.toEpochMilli()).index());
    }

    @ParameterizedTest
    @CsvSource({
        "day, 2026-02-28T23:59:59.999Z, 2026-02-28T00:00:00Z",
        "day, 2026-03-01T00:00:00Z, 2026-03-01T00:00:00Z",
        "month, 2026-02-03T00:00:00Z, 2026-02-28T00:00:00Z",
        "month, 2024-02-03T00:00:00Z, 2024-02-29T00:00:00Z",
        "month, 2026-12-31T23:00:00Z, 2026-12-31T00:00:00Z",
    })
    void endsWithTheDayOrTheMonth(String word, Instant moment, Instant end) {
        var window = Window.parse(word);

        long last = window.last(moment.toEpochMilli());

        assertThat(last).isEqualTo(window.grain().at(end.toEpochMilli()).index());
    }

    @ParameterizedTest
    @EnumSource(
            value = Window.class,
            names = {"FIVE_HOURS", "TWENTY_FOUR_HOURS", "THIRTY_DAYS"})
    void countsWhatAClockAheadHasBegun(Window window) {
        assertThat(window.last(0)).isEqualTo(Long.MAX_VALUE);
    }

    /// A bucket counts until the very moment that it leaves.
    @ParameterizedTest
    @EnumSource(value = Window.class, mode = EnumSource.Mode.EXCLUDE, names = "LIFETIME")
    void losesABucketWhenItSays(Window window) {
        for (var text : new String[] {"2026-02-28T23:57:00Z", "2024-02-29T00:00:00Z", "2026-07-04T12:34:56Z"}) {
            var bucket = window.grain().at(Instant.parse(text).toEpochMilli());

            long leaves = window.leaves(bucket);

            assertThat(counts(window, bucket, leaves - 1))
                    .as("%s before", window)
                    .isTrue();
            assertThat(counts(window, bucket, leaves)).as("%s after", window).isFalse();
        }
    }

    private static boolean counts(Window window, Bucket bucket, long moment) {
        return bucket.index() >= window.oldest(moment) && bucket.index() <= window.last(moment);
    }

    @Test
    void neverLosesALifetime() {
        assertThat(Window.LIFETIME.leaves(new Bucket(Grain.LIFETIME, 0))).isEqualTo(Long.MAX_VALUE);
    }

    /// What no window touches any more is forgotten, and nothing else; also what a call needs that began an hour ago.
    @ParameterizedTest
    @EnumSource(Window.class)
    void isKeptByItsGrain(Window window) {
        long begin = Instant.parse("2024-02-28T23:00:00Z").toEpochMilli();
        for (long hour = 0; hour < 24 * 70; hour++) {
            long now = begin + Duration.ofHours(hour).toMillis();

            long kept = window.grain().oldest(now);

            assertThat(kept)
                    .isLessThanOrEqualTo(window.oldest(now - Duration.ofHours(1).toMillis()));
        }
    }

    @Test
    void takesBucketsFrom1970InUtc() {
        assertThat(Grain.DAY.at(Instant.parse("1970-01-02T00:00:00Z").toEpochMilli()))
                .isEqualTo(new Bucket(Grain.DAY, 1));
        assertThat(Grain.DAY.at(-1)).isEqualTo(new Bucket(Grain.DAY, -1));
        assertThat(Grain.LIFETIME.at(Long.MAX_VALUE)).isEqualTo(new Bucket(Grain.LIFETIME, 0));
    }
}
