package com.posthog.aigateway.runaway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.testing.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class RunawayTest {

    private static final String POLICY = "{ same_body: { times: 5, within: 1m },"
            + " spend: { usd_per_minute: 50, times_baseline: 10, at_least_usd_per_minute: 0.1 }, cool_down: 2m }";
    private static final Headers RETRY = Headers.of("X-Stainless-Retry-Count", "1");

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-28T12:00:00Z"));

    private Guarded guarded() {
        return Guarded.open(folder, clock, POLICY);
    }

    private static Refusal refusal(Guarded guarded, String text) {
        return Objects.requireNonNull(catchThrowableOfType(Refusal.class, () -> guarded.ask(text)));
    }

    private void loop(Guarded guarded) {
        for (int i = 0; i < 5; i++) {
            guarded.ask("again");
        }
        refusal(guarded, "again");
    }

    /// Ten minutes, in each a dollar.
    private void learn(Guarded guarded) {
        for (int i = 0; i < 11; i++) {
            guarded.spend("1");
            clock.pass(Duration.ofMinutes(1));
        }
    }

    /// At twenty times the usual; returns after how long it is stopped.
    private Duration spendSuddenly(Guarded guarded) {
        var start = clock.instant();
        while (guarded.breakers().all().isEmpty()) {
            guarded.spend("0.1");
            clock.pass(Duration.ofMillis(300));
        }
        return Duration.between(start, clock.instant());
    }

    @Test
    void stopsABodyThatIsSentTooOftenAndNoOther() {
        try (var guarded = guarded()) {
            loop(guarded);

            var refusal = refusal(guarded, "again");

            assertThat(refusal.reason()).isEqualTo(Reason.RUNAWAY);
            assertThat(refusal.what())
                    .contains("credential 'key' has sent the same body 6 times within 60 s")
                    .contains("until 2026-11-28T12:02")
                    .contains("team 'dev'");
            assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMinutes(2));
            assertThat(refusal.limit()).extracting(Refusal.Limit::limit).isEqualTo("5");
            assertThatCode(() -> guarded.ask("another")).doesNotThrowAnyException();
        }
    }

    @Test
    void letsItGoOnAfterTheCoolDownWithACleanCount() {
        try (var guarded = guarded()) {
            loop(guarded);

            clock.pass(Duration.ofMinutes(2));

            assertThat(guarded.breakers().all()).isEmpty();
            loop(guarded);
        }
    }

    @Test
    void letsItGoOnWhenAnOperatorClosesIt() {
        try (var guarded = guarded()) {
            loop(guarded);
            var what = guarded.breakers().all().getFirst().what();

            assertThat(guarded.breakers().close(what, "eve")).hasValue(1);

            assertThat(guarded.breakers().close(what, "eve")).isEmpty();
            loop(guarded);
        }
    }

    @Test
    void remembersWhatIsOpenAcrossARestart() {
        try (var guarded = guarded()) {
            loop(guarded);
        }

        try (var guarded = guarded()) {
            assertThat(refusal(guarded, "again").what()).contains("6 times");
        }
    }

    @Test
    void countsOnlyWithinTheTime() {
        try (var guarded = guarded()) {
            for (int i = 0; i < 50; i++) {
                guarded.ask("a ping");
                clock.pass(Duration.ofSeconds(15));
            }

            assertThat(guarded.breakers().all()).isEmpty();
        }
    }

    @Test
    void countsRetriesByThemselvesButNotForEver() {
        try (var guarded = guarded()) {
            for (int i = 0; i < 5; i++) {
                guarded.ask("again");
                guarded.ask("again", RETRY);
            }

            assertThat(guarded.breakers().all()).isEmpty();
            assertThatThrownBy(() -> guarded.ask("again", RETRY))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("6 times as retries");
        }
    }

    @Test
    void doesNotCountWhatWasRefusedForAnotherReason() {
        try (var guarded = guarded()) {
            for (int i = 0; i < 50; i++) {
                guarded.ask("again").ended(Guarded.receipt(Ending.REFUSED, "0"));
            }

            assertThat(guarded.breakers().all()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Endpoint.class,
            names = {"EMBEDDINGS", "COUNT_TOKENS", "INPUT_TOKENS", "STORED_RESPONSE"})
    void letsSomeBeRepeated(Endpoint endpoint) {
        try (var guarded = guarded()) {
            for (int i = 0; i < 50; i++) {
                guarded.runaway().check(Guarded.CALLER, guarded.call(endpoint, "{}", Headers.NONE));
            }

            assertThat(guarded.breakers().all()).isEmpty();
        }
    }

    @Test
    void stopsWhoSuddenlySpendsTwentyTimesTheUsual() {
        try (var guarded = guarded()) {
            learn(guarded);

            var time = spendSuddenly(guarded);

            assertThat(time).isLessThanOrEqualTo(Duration.ofSeconds(10));
            var refusal = refusal(guarded, "anything");
            assertThat(refusal.what()).contains("10 times the 1.000000000 of its usual minute");
            assertThat(refusal.limit())
                    .extracting(Refusal.Limit::what, Refusal.Limit::limit)
                    .containsExactly("times_baseline", "10.000000000");
            assertThatThrownBy(() -> guarded.runaway()
                            .check(Guarded.CALLER, guarded.call(Endpoint.EMBEDDINGS, "{}", Headers.NONE)))
                    .isInstanceOf(Refusal.class);
            assertThatCode(() -> guarded.runaway()
                            .check(Guarded.CALLER, guarded.call(Endpoint.COUNT_TOKENS, "{}", Headers.NONE)))
                    .as("it costs nothing")
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void stopsItAgainAfterTheCoolDownButLearnsWhatAnOperatorLetsPass() {
        try (var guarded = guarded()) {
            learn(guarded);
            spendSuddenly(guarded);
            clock.pass(Duration.ofMinutes(2));
            assertThat(spendSuddenly(guarded)).isLessThanOrEqualTo(Duration.ofSeconds(10));

            guarded.breakers().close("credential:key spend", "eve");

            for (int i = 0; i < 20 * 60; i++) {
                guarded.spend("0.333333333");
                clock.pass(Duration.ofSeconds(1));
            }
            assertThat(guarded.breakers().all()).isEmpty();
        }
    }

    @Test
    void stopsWhoSpendsMoreThanTheLimitWithoutAnyHistory() {
        try (var guarded = guarded()) {
            for (int i = 0; i < 50; i++) {
                guarded.spend("1");
            }
            assertThat(guarded.breakers().all()).isEmpty();

            guarded.spend("0.000000001");

            var refusal = refusal(guarded, "anything");
            assertThat(refusal.what()).contains("spends 50.000000001 USD a minute, more than 50.000000000;");
            assertThat(refusal.limit()).extracting(Refusal.Limit::what).isEqualTo("usd_per_minute");
        }
    }

    @Test
    void countsAnEstimateAtOnceAndTheCostInItsPlace() {
        try (var guarded = guarded()) {
            var first = guarded.ask("one");
            first.spends(Money.parse("49"));
            first.ended(Guarded.receipt(Ending.COMPLETE, "1"));
            var second = guarded.ask("two");
            second.spends(Money.parse("1"));
            assertThat(guarded.breakers().all()).isEmpty();

            second.ended(Guarded.receipt(Ending.COMPLETE, "49.1"));

            assertThat(guarded.breakers().all()).hasSize(1);
        }
    }

    @Test
    void doesNotHoldAgainstItWhatCallsCostThatWereOpenBefore() {
        try (var guarded = guarded()) {
            var slow = guarded.ask("slow");
            slow.spends(Money.parse("1"));
            guarded.spend("51");
            guarded.breakers().close("credential:key spend", "eve");

            slow.ended(Guarded.receipt(Ending.COMPLETE, "60"));

            assertThat(guarded.breakers().all()).isEmpty();
        }
    }

    @Test
    void onlyCountsWhatItWouldRefuseInShadow() {
        try (var guarded = Guarded.open(folder, clock, "{ same_body: { times: 5 }, mode: shadow }")) {
            for (int i = 0; i < 15; i++) {
                guarded.ask("again");
            }

            assertThat(guarded.breakers().all())
                    .singleElement()
                    .satisfies(breaker -> assertThat(breaker.mode().name()).isEqualTo("SHADOW"));
            assertThat(guarded.metrics().prometheus())
                    .contains("aigw_runaway_refusals_total{kind=\"same_body\",mode=\"shadow\"} 10")
                    .contains("aigw_runaway_opened_total{kind=\"same_body\",mode=\"shadow\"} 1");
        }
    }

    @Test
    void watchesNobodyWhereItIsOff() {
        try (var guarded = Guarded.open(folder, clock, "{ same_body: { times: 5 }, mode: off }")) {
            for (int i = 0; i < 50; i++) {
                guarded.ask("again").spends(Money.parse("1000"));
            }

            assertThat(guarded.breakers().all()).isEmpty();
        }
    }
}
