package com.posthog.aigateway.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.testing.Chance;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CounterTest {

    @Test
    void keepsTheLargestTotalOfEachEpochInAnyOrder() {
        var chance = new Chance(7);
        var counter = new Counter();
        var largest = new TreeMap<Long, Long>();
        for (int i = 0; i < 10_000; i++) {
            long epoch = chance.below(200) - 100L;
            long total = chance.below(1_000);
            counter.raise(epoch, total);
            largest.merge(epoch, total, Math::max);
        }

        assertThat(counter.size()).isEqualTo(largest.size());
        assertThat(counter.sum())
                .isEqualTo(largest.values().stream().mapToLong(Long::longValue).sum());
        int index = 0;
        for (var entry : largest.entrySet()) {
            assertThat(counter.epoch(index)).isEqualTo(entry.getKey());
            assertThat(counter.charged(index++)).isEqualTo(entry.getValue());
        }
    }

    @Test
    void refusesToWrapAround() {
        var counter = new Counter();
        counter.raise(1, Long.MAX_VALUE);

        assertThatThrownBy(() -> counter.raise(2, 1)).isInstanceOf(ArithmeticException.class);
    }
}
