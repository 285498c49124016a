package com.posthog.aigateway.runaway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepetitionsTest {

    private static final long MINUTE = 60_000;
    private static final long NOW = 1_796_000_000_000L;

    private final Repetitions repetitions = new Repetitions();

    private long add(String credential, long body, long at) {
        return repetitions.add(credential, new Digest(body, 0), false, MINUTE, at);
    }

    @Test
    void countsWhatIsSentWithinTheTime() {
        assertThat(add("a", 1, NOW)).isEqualTo(1);
        assertThat(add("a", 1, NOW + 10_000)).isEqualTo(2);
        assertThat(add("a", 2, NOW + 10_000)).isEqualTo(1);
        assertThat(add("b", 1, NOW + 10_000)).isEqualTo(1);
        assertThat(add("a", 1, NOW + 50_000)).isEqualTo(3);
        assertThat(add("a", 1, NOW + MINUTE + 1_000)).isEqualTo(3);
        assertThat(add("a", 1, NOW + 10 * MINUTE)).isEqualTo(1);
    }

    @Test
    void keepsTheLoopAmongVeryManyOtherBodies() {
        long counted = 0;
        for (int i = 0; i < 20; i++) {
            counted = add("a", -1, NOW);
            for (int other = 0; other < 4_000; other++) {
                add("a", i * 10_000L + other, NOW);
            }
        }

        assertThat(counted).isEqualTo(20);
        assertThat(repetitions.size()).isEqualTo(4_096);
    }

    @Test
    void isBoundedHoweverManyCredentialsThereAre() {
        for (int credential = 0; credential < 1_000; credential++) {
            for (int body = 0; body < 100; body++) {
                add("c" + credential, body, NOW);
            }
        }

        assertThat(repetitions.size()).isEqualTo(65_536);
        assertThat(add("c999", 1, NOW)).isEqualTo(2);
        assertThat(add("c0", 1, NOW)).isEqualTo(1);
    }

    @Test
    void forgets() {
        add("a", 1, NOW);
        add("a", 1, NOW);
        repetitions.takeBack("a", new Digest(1, 0), false, NOW);
        assertThat(add("a", 1, NOW)).isEqualTo(2);

        repetitions.forget("a", new Digest(1, 0));

        assertThat(repetitions.size()).isZero();
        assertThat(add("a", 1, NOW)).isEqualTo(1);
    }
}
