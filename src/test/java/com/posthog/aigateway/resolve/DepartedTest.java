package com.posthog.aigateway.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DepartedTest {

    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);
    private static final long MINUTE = 60_000;

    private final Departed departed = new Departed();

    @Test
    void missesForAMinuteWhoWentWithoutAFarewell() {
        departed.look(Set.of(ONE, TWO), 0);
        assertThat(departed.any(0)).isFalse();

        departed.look(Set.of(ONE), 1_000);

        assertThat(departed.any(1_000)).isTrue();
        departed.look(Set.of(ONE), 2_000);
        assertThat(departed.any(999 + MINUTE)).isTrue();
        assertThat(departed.any(1_000 + MINUTE)).isFalse();
    }

    @Test
    void doesNotMissWhoSaidFarewell() {
        departed.look(Set.of(ONE, TWO), 0);
        departed.farewell(TWO);

        departed.look(Set.of(ONE), 1_000);

        assertThat(departed.any(1_000)).isFalse();
    }

    @Test
    void missesEachForItself() {
        departed.look(Set.of(ONE, TWO), 0);
        departed.farewell(TWO);

        departed.look(Set.of(), 1_000);

        assertThat(departed.any(1_000)).isTrue();
    }
}
