package com.posthog.aigateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.dispatch.Breaker.Permit;
import com.posthog.aigateway.dispatch.Breaker.State;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private final AtomicInteger runOfAccount = new AtomicInteger();
    private final Breaker breaker = new Breaker(runOfAccount);
    private long now = 1_000_000;

    private Permit enter() {
        return Objects.requireNonNull(breaker.enter(now, true));
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

    /// Half of the calls fail, but never many in a row.
    private void failByHalf(int calls) {
        for (int i = 0; i < calls / 2; i++) {
            fail(1);
            succeed(1);
        }
    }

    @Test
    void opensByTheRateOnlyAfterEnoughCalls() {
        failByHalf(18);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);

        succeed(1);
        fail(1);

        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(breaker.enter(now, true)).isNull();
    }

    @Test
    void opensAtOnceWhereNothingButFailuresCome() {
        succeed(10_000);
        fail(4);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);

        fail(1);

        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void opensAtItsFirstFailureWhereTheWholeAccountFails() {
        succeed(100);
        for (int i = 0; i < 9; i++) {
            Objects.requireNonNull(new Breaker(runOfAccount).enter(now, true)).failed(now);
        }

        fail(1);

        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void countsForItsAccountAlsoTheFailureThatOpensIt() {
        fail(5);

        assertThat(runOfAccount).hasValue(5);
    }

    @Test
    void doesNotSufferForOthersOfItsAccountThatFailBesideItsOwnSuccess() {
        for (int i = 0; i < 100; i++) {
            new Breaker(runOfAccount).force().failed(now);
            succeed(1);
        }

        fail(4);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void probesOnlyWithACallThatCouldGoOnElsewhere() {
        fail(5);
        now += 10_000;

        assertThat(breaker.enter(now, false)).isNull();
        assertThat(breaker.enter(now, true)).isNotNull();
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
        failByHalf(18);
        now += 31_000;
        failByHalf(18);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.recentFailures(now)).isEqualTo(9);
    }

    @Test
    void letsOneProbeThroughAndBelievesIt() {
        fail(5);
        now += 10_000;
        var probe = enter();
        assertThat(breaker.enter(now, true)).isNull();

        probe.succeeded(now);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        fail(4);
        assertThat(breaker.state()).as("it begins anew").isEqualTo(State.CLOSED);
    }

    @Test
    void opensAgainWhenTheProbeFails() {
        fail(5);
        now += 10_000;
        enter().failed(now);

        now += 9_999;
        assertThat(breaker.enter(now, true)).isNull();
        now += 1;
        assertThat(breaker.enter(now, true)).isNotNull();
    }

    @Test
    void letsAnotherProbeAfterOneThatSaysNothing() {
        fail(5);
        now += 10_000;
        enter().close();

        assertThat(breaker.enter(now, true)).isNotNull();
    }

    @Test
    void doesNotHearWhatBeganBeforeItOpened() {
        var slow = enter();
        fail(5);
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
