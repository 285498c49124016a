package com.posthog.aigateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.dispatch.Breaker.Permit;
import com.posthog.aigateway.dispatch.Breaker.State;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private final Breaker breaker = new Breaker();
    private long now = 1_000_000;

    private Permit enter() {
        return Objects.requireNonNull(breaker.enter(now));
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            enter().failed(now);
        }
    }

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            enter().succeeded(now);
        }
    }

    @Test
    void opensOnlyAfterEnoughCalls() {
        fail(19);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);

        fail(1);

        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(breaker.enter(now)).isNull();
    }

    @Test
    void staysClosedWhileFewFail() {
        for (int i = 0; i < 100; i++) {
            succeed(9);
            fail(1);
        }

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void forgetsWhatIsOld() {
        fail(19);
        now += 31_000;
        fail(19);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.recentFailures(now)).isEqualTo(19);
    }

    @Test
    void letsOneProbeThroughAndBelievesIt() {
        fail(20);
        now += 10_000;
        var probe = enter();
        assertThat(breaker.enter(now)).isNull();

        probe.succeeded(now);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        fail(19);
        assertThat(breaker.state()).as("it begins anew").isEqualTo(State.CLOSED);
    }

    @Test
    void opensAgainWhenTheProbeFails() {
        fail(20);
        now += 10_000;
        enter().failed(now);

        now += 9_999;
        assertThat(breaker.enter(now)).isNull();
        now += 1;
        assertThat(breaker.enter(now)).isNotNull();
    }

    @Test
    void letsAnotherProbeAfterOneThatSaysNothing() {
        fail(20);
        now += 10_000;
        enter().close();

        assertThat(breaker.enter(now)).isNotNull();
    }

    @Test
    void doesNotHearWhatBeganBeforeItOpened() {
        var slow = enter();
        fail(20);
        now += 10_000;
        var probe = enter();

        slow.succeeded(now);

        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        probe.failed(now);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void countsAnAnswerThatBrokeOffLaterAsAFailure() {
        succeed(20);
        for (int i = 0; i < 5; i++) {
            breaker.brokeLater(now);
        }

        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }
}
