package com.posthog.aigateway.runaway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long NOON = 1_796_000_040; // the first second of a minute
    private static final Policy.Speed SPEED = new Policy.Speed(1_000_000, 10, 0);

    private final Pace pace = new Pace();
    private long now = NOON;

    private void minutes(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            pace.spend(nanos, now);
            now += 60;
        }
    }

    private boolean isTooFast() {
        return pace.excess(SPEED) != null;
    }

    @Test
    void judgesNobodyBeforeItKnowsWhatIsUsual() {
        minutes(10, 100);
        pace.spend(10_000, now - 1);
        assertThat(isTooFast()).isFalse();

        pace.spend(10_000, now);

        assertThat(isTooFast()).isTrue();
    }

    @Test
    void doesNotForgetWhatIsUsualOverNight() {
        minutes(20, 100);
        now += 8 * 3_600;

        pace.spend(160, now);

        assertThat(isTooFast()).isFalse();
    }

    @Test
    void takesTheUsualBurstForNothing() {
        for (int i = 0; i < 20; i++) {
            for (int call = 0; call < 100; call++) {
                pace.spend(1, now + call / 50);
                assertThat(isTooFast()).isFalse();
            }
            now += 600;
        }
        pace.spend(200, now);
        assertThat(isTooFast()).as("twice the usual burst").isFalse();

        pace.spend(60, now + 1);

        assertThat(isTooFast()).as("more than two and a half of them").isTrue();
    }

    @Test
    void followsWhoGrowsSlowly() {
        for (long spend = 10_000; spend < 100_000; spend += spend / 100) {
            minutes(1, spend);
            assertThat(isTooFast()).isFalse();
        }
    }

    @Test
    void looksAwayBelowTheLeast() {
        minutes(20, 100);

        pace.spend(5_000, now);

        assertThat(pace.excess(new Policy.Speed(1_000_000, 10, 5_001))).isNull();
        assertThat(pace.excess(new Policy.Speed(1_000_000, 10, 5_000))).isNotNull();
    }

    @Test
    void learnsWhatEstimatesAreWorth() {
        assertThat(pace.expected(1_000)).isEqualTo(1_000);
        for (int i = 0; i < 100; i++) {
            pace.learn(1_000, 100);
        }
        assertThat(pace.expected(1_000)).isBetween(95L, 105L);

        pace.learn(1_000, 0);

        assertThat(pace.expected(1_000)).as("what failed says nothing").isBetween(95L, 105L);
    }

    @Test
    void learnsTheUsualFromWhatIsKnownLate() {
        for (int i = 0; i < 20; i++) {
            pace.spend(1_000, now);
            pace.correct(-900, now, now + 90);
            now += 120;
        }
        pace.spend(1_000, now);
        pace.spend(1_000, now + 1);

        assertThat(pace.excess(SPEED)).isNotNull();
    }

    @Test
    void standsAClockThatIsSetBack() {
        pace.spend(600_000, now);
        pace.spend(500_000, now - 1_000);

        assertThat(isTooFast()).isTrue();
    }

    @Test
    void seesNothingOfWhatIsOlderThanAMinute() {
        pace.spend(1_000_000, now);

        pace.spend(1, now + 60);

        assertThat(isTooFast()).isFalse();
    }
}
