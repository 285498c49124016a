package com.posthog.aigateway.admit;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.testing.Chance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

    private static final long BEGIN = 1_772_323_020_000L;
    private static final long MINUTE = 60_000;
    private static final long MOST_A_MINUTE = 60_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 7, 1_000})
    void admitsTheLimitAtOneInstant(long limit) {
        var pace = Pace.full(limit, BEGIN);

        int admitted = 0;
        for (long i = 0; i < limit + 5; i++) {
            admitted += admits(pace, limit, BEGIN) ? 1 : 0;
        }

        assertThat(admitted).isEqualTo(limit);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 59, 60, 61, 1_000})
    void admitsNoMoreInSomeMinutesThanTheyAndOneMoreAllow(long limit) {
        var chance = new Chance(limit);
        var pace = Pace.full(limit, BEGIN);
        var admitted = new ArrayList<Long>();
        for (long now = BEGIN; now < BEGIN + 12 * MINUTE; now += 1 + chance.below(400)) {
            for (int i = chance.below(6); i >= 0; i--) {
                if (admits(pace, limit, now)) {
                    admitted.add(now);
                }
            }
        }

        for (int minutes = 1; minutes <= 10; minutes++) {
            int first = 0;
            for (int last = 0; last < admitted.size(); last++) {
                while (admitted.get(last) - admitted.get(first) > minutes * MINUTE) {
                    first++;
                }
                assertThat(last - first + 1L).isLessThanOrEqualTo(limit * (minutes + 1));
            }
        }
        assertThat((long) admitted.size()).as("and it uses what it may").isGreaterThanOrEqualTo(limit * 11);
    }

    @Test
    void owesWhatWasUsedBeyondTheEstimate() {
        var pace = Pace.full(60, BEGIN);
        pace.take(10, 60, BEGIN);

        pace.correct(-110, BEGIN);

        assertThat(pace.left(60, BEGIN)).isEqualTo(-60);
        assertThat(pace.left(60, BEGIN + MINUTE)).isZero();
        assertThat(pace.wait(1, 60, BEGIN)).isBetween(MINUTE + 1_000, MINUTE + 1_001);
    }

    @Test
    void givesBackWhatWasNotUsedAndNotMore() {
        var pace = Pace.full(60, BEGIN);
        pace.take(50, 60, BEGIN);

        pace.correct(20, BEGIN);
        assertThat(pace.left(60, BEGIN)).isEqualTo(30);

        pace.correct(100, BEGIN);
        assertThat(pace.left(60, BEGIN)).isEqualTo(60);
        assertThat(pace.isFull(BEGIN)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 60, 999})
    void saysHonestlyHowLongToWait(long limit) {
        var pace = Pace.full(limit, BEGIN);
        pace.take(limit, limit, BEGIN);

        long wait = pace.wait(1, limit, BEGIN);

        assertThat(pace.left(limit, BEGIN + wait)).isGreaterThanOrEqualTo(1);
        assertThat(pace.left(limit, BEGIN + wait - 3)).isZero();
    }

    @Test
    void meetsAChangedLimitInProportion() {
        var pace = Pace.full(100, BEGIN);
        pace.take(50, 100, BEGIN);

        assertThat(pace.left(10, BEGIN)).isEqualTo(5);
        assertThat(pace.left(1_000, BEGIN)).isEqualTo(500);
        assertThat(pace.left(10, BEGIN + MINUTE)).isEqualTo(10);
    }

    @Test
    void keepsItsDebtWhenTheLimitChanges() {
        var pace = Pace.full(100, BEGIN);
        pace.take(300, 100, BEGIN);

        assertThat(pace.left(50, BEGIN)).isNegative();
        assertThat(pace.left(200, BEGIN)).isNegative();
    }

    @Test
    void doesNotMoveWhereOneOnlyLooks() throws IOException {
        var pace = Pace.full(100, BEGIN);
        pace.take(50, 100, BEGIN);
        var before = bytes(pace);

        pace.left(70, BEGIN + 7);
        pace.wait(80, 70, BEGIN + 9);

        assertThat(bytes(pace)).isEqualTo(before);
    }

    @Test
    void doesNotGoBackWithAClockThatIsBehind() {
        var pace = Pace.full(60, BEGIN);
        pace.take(60, 60, BEGIN);

        assertThat(pace.left(60, BEGIN - MINUTE)).isZero();
        assertThat(pace.left(60, BEGIN + 1_000)).isEqualTo(1);
    }

    @Test
    void takesTheLargestLimit() {
        var pace = Pace.full(MOST_A_MINUTE, BEGIN);
        pace.take(MOST_A_MINUTE, MOST_A_MINUTE, BEGIN);

        assertThat(pace.left(MOST_A_MINUTE, BEGIN + MINUTE / 2)).isEqualTo(MOST_A_MINUTE / 2);
    }

    @Test
    void travels() throws IOException {
        var pace = Pace.full(60, BEGIN);
        pace.take(90, 60, BEGIN);

        var arrived = Objects.requireNonNull(Pace.read(new DataInputStream(new ByteArrayInputStream(bytes(pace)))));

        assertThat(arrived.left(60, BEGIN + 45_000))
                .isEqualTo(pace.left(60, BEGIN + 45_000))
                .isEqualTo(15);
    }

    private static byte[] bytes(Pace pace) throws IOException {
        var bytes = new ByteArrayOutputStream();
        Pace.write(pace, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static boolean admits(Pace pace, long limit, long now) {
        boolean fits = pace.left(limit, now) >= 1;
        if (fits) {
            pace.take(1, limit, now);
        }
        return fits;
    }
}
