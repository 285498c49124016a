package com.posthog.aigateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    private static final long MINUTE = 60_000;

    private final RetryBudget budget = new RetryBudget();
    private long now = 100 * MINUTE;

    private void call(int times) {
        for (int i = 0; i < times; i++) {
            budget.called(now);
        }
    }

    private int taken() {
        int taken = 0;
        while (budget.take()) {
            taken++;
        }
        return taken;
    }

    @Test
    void givesABucketfulAndOneForEveryTenthCall() {
        assertThat(taken()).isEqualTo(50);
        call(9);
        assertThat(budget.isEmpty()).isTrue();

        call(991);

        assertThat(taken()).isEqualTo(100);
    }

    @Test
    void keepsWhatWasNotNeededForAMinute() {
        call(10_000);
        now += MINUTE;
        call(10);

        assertThat(taken()).isEqualTo(50 + 1_001);
    }

    @Test
    void keepsNoMoreThanThat() {
        call(10_000);
        now += 2 * MINUTE;
        call(10);

        assertThat(taken()).isEqualTo(51);
    }
}
