package com.posthog.aigateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    private final Backoff backoff = new Backoff(new Random(7));

    private Duration after(int tries, String asked) {
        var wait = Duration.ZERO;
        for (int i = 0; i < tries; i++) {
            wait = backoff.next(asked);
        }
        return wait;
    }

    @ParameterizedTest
    @CsvSource({"1,100", "2,200", "3,400", "6,3200", "9,25600", "10,30000", "11,30000", "200,30000"})
    void doublesUpToHalfAMinute(int tries, long millis) {
        assertThat(after(tries, "").toMillis()).isBetween(millis - millis / 4, millis);
    }

    @ParameterizedTest
    @CsvSource({"2,2000", "30,30000", "3600,30000", "999999999,30000"})
    void waitsAsLongAsItIsAsked(String asked, long millis) {
        assertThat(after(1, asked)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"''", "soon", "-1", "1.5", "'Tue, 24 Nov 2026 00:00:00 GMT'", "99999999999"})
    void takesAnythingElseForNothing(String asked) {
        assertThat(after(1, asked).toMillis()).isBetween(75L, 100L);
    }

    @Test
    void beginsAnewAfterSuccess() {
        after(10, "");

        backoff.reset();

        assertThat(after(1, "").toMillis()).isBetween(75L, 100L);
    }
}
