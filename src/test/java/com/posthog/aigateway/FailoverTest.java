package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Skipped;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeClock;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is kept in mind from call to call, and what a caller or an operator can say about it.
class FailoverTest {

    private static final String BODY = FailoverRig.body(FailoverRig.CHAT, false, "");
    private static final String STREAMED = FailoverRig.body(FailoverRig.CHAT, true, "");

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final PlayedProvider primary = new PlayedProvider("primary");
    private final PlayedProvider fallback = new PlayedProvider("fallback");
    private FailoverRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = FailoverRig.start(
                folder,
                primary.uri(),
                fallback.uri(),
                clock,
                "timeouts: { preamble: 300ms, first_byte: 1s, whole_answer: 1s }");
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
        primary.close();
        fallback.close();
    }

    private RawHttp.Answer chat(String... headers) throws IOException {
        return rig.ask(FailoverRig.CHAT, BODY, headers);
    }

    private void breakPrimary() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(chat("x-primary: status=529").status()).isEqualTo(200);
        }
    }

    @Test
    void asksAProviderThatIsDownOnlyToProbeIt() throws IOException {
        breakPrimary();
        int before = primary.asked();

        for (int i = 0; i < 100; i++) {
            clock.pass(Duration.ofMillis(250));
            var answer = chat("x-primary: status=529");
            assertThat(answer.status()).isEqualTo(200);
        }

        // Twenty-five seconds, and a probe each ten.
        assertThat(primary.asked() - before).isEqualTo(2);
        assertThat(rig.metric("aigw_target_breaker{model=\"m\",provider=\"openai\"}"))
                .endsWith(" 2\n");
        var straight = chat("x-primary: status=529");
        assertThat(straight.header("x-posthog-attempts")).isEqualTo("1");
        assertThat(rig.receipt(straight).skipped()).containsExactly(new Skipped("openai", "m", "breaker_open"));
    }

    @Test
    void goesBackToAProviderThatIsWellAgain() throws IOException {
        breakPrimary();
        clock.pass(Duration.ofSeconds(11));

        assertThat(chat().body()).contains("words of primary");
        assertThat(chat().body()).contains("words of primary");
    }

    @Test
    void asksAPrimaryWithAnOpenBreakerWhereNobodyElseAnswers() throws IOException {
        breakPrimary();

        var answer = chat("x-fallback: status=500");

        assertThat(answer.body()).contains("words of primary");
        assertThat(answer.header("x-posthog-attempts")).isEqualTo("2");
    }

    @Test
    void letsNoBreakerAnswerInThePlaceOfTheOnlyTarget() throws IOException {
        var body = BODY.replace("\"m\"", "\"alone\"");
        for (int i = 0; i < 30; i++) {
            assertThat(rig.ask(FailoverRig.CHAT, body, "x-primary: status=529").status())
                    .isEqualTo(529);
        }

        assertThat(primary.asked()).isEqualTo(30);
        assertThat(rig.ask(FailoverRig.CHAT, body).status()).isEqualTo(200);
    }

    @Test
    void leavesAProviderAloneForAsLongAsItAsks() throws IOException {
        chat("x-primary: status=429");
        clock.pass(Duration.ofSeconds(6));
        assertThat(chat().body()).contains("words of fallback");

        clock.pass(Duration.ofSeconds(2));

        assertThat(chat().body()).contains("words of primary");
    }

    @Test
    void holdsNothingBackForACallThatNoFallbackCanServe() throws IOException {
        var body = FailoverRig.body(FailoverRig.CHAT, true, ",\"unfit\":1");
        try (var caller = new RawHttp(rig.gateway.port())) {
            caller.send(FailoverRig.request(FailoverRig.CHAT, body, "x-primary: preamble-silent"));
            caller.head();
            caller.readUntil("assistant");
        }

        var answer = rig.ask(FailoverRig.CHAT, body, "x-primary: status=500");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(rig.receipt(answer).skipped())
                .containsExactly(new Skipped("second-openai", "gpt-second", "it has no 'unfit'"));
        assertThat(fallback.asked()).isZero();
    }

    @Test
    void letsASilentStreamPassInTheEnd() throws IOException {
        try (var caller = new RawHttp(rig.gateway.port())) {
            caller.send(FailoverRig.request(FailoverRig.CHAT, STREAMED, "x-primary: preamble-silent"));

            assertThat(caller.head().header("x-posthog-provider")).isEqualTo("openai");
            caller.readUntil("assistant");
        }
        assertThat(fallback.asked()).isZero();
    }

    @Test
    void holdsAStreamBackForAsLongAsItsModelSays() throws IOException {
        var body = STREAMED.replace("\"m\"", "\"hasty\"");
        try (var two = FailoverRig.start(
                        Files.createDirectory(folder.resolve("two")),
                        primary.uri(),
                        fallback.uri(),
                        clock,
                        "timeouts: { preamble: 1h }");
                var caller = new RawHttp(two.gateway.port())) {
            caller.send(FailoverRig.request(FailoverRig.CHAT, body, "x-primary: preamble-silent"));

            assertThat(caller.head().header("x-posthog-provider")).isEqualTo("openai");
        }
    }

    @Test
    void remembersWhatAFallbackHasRefused() throws IOException {
        var odd = FailoverRig.body(FailoverRig.CHAT, false, ",\"odd\":1");

        var first = rig.ask(FailoverRig.CHAT, odd, "x-primary: status=529", "x-fallback: status=400");
        var second = rig.ask(FailoverRig.CHAT, odd, "x-primary: status=529");
        var other = chat("x-primary: status=529");
        clock.pass(Duration.ofMinutes(6));
        var later = rig.ask(FailoverRig.CHAT, odd, "x-primary: status=529");

        assertThat(first.status()).isEqualTo(529);
        assertThat(second.status()).isEqualTo(529);
        assertThat(rig.receipt(second).skipped())
                .extracting(Skipped::why)
                .first()
                .asString()
                .contains("odd");
        assertThat(other.status()).isEqualTo(200);
        assertThat(later.status()).isEqualTo(200);
    }

    @Test
    void servesACallThatIsPinnedNowhereElse() throws IOException {
        var pinned = chat("X-PostHog-Provider: openai", "x-primary: status=529");
        var elsewhere = chat("X-PostHog-Provider: second-openai");

        assertThat(pinned.status()).isEqualTo(529);
        assertThat(elsewhere.body()).contains("words of fallback");
        assertThat(primary.asked()).isEqualTo(1);
        assertThat(fallback.asked()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"true, 200", "false, 529"})
    void letsBedrockTakeOverUnlessItsCallerSaysNo(String wish, int status) throws IOException {
        var body = FailoverRig.body(FailoverRig.MESSAGES, false, "").replace("\"c\"", "\"b\"");

        var answer =
                rig.ask(FailoverRig.MESSAGES, body, "X-PostHog-Use-Bedrock-Fallback: " + wish, "x-primary: status=529");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(fallback.asked()).isEqualTo(status == 200 ? 1 : 0);
    }

    @Test
    void asksAWholeAnswerTwiceOnlyWhereItsTargetSaysSo() throws IOException {
        var late = chat("x-primary: silent");
        var repeated = rig.ask(FailoverRig.CHAT, BODY.replace("\"m\"", "\"late\""), "x-primary: silent");
        var streamed = rig.ask(FailoverRig.CHAT, STREAMED, "x-primary: silent");

        assertThat(late.status()).isEqualTo(504);
        assertThat(repeated.status()).isEqualTo(200);
        assertThat(streamed.body()).contains("words of fallback");
        var attempts = rig.receipt(repeated).attempts();
        assertThat(attempts).extracting(Attempt::next).containsExactly("timed_out", null);
        assertThat(attempts.getFirst().mayBill()).isTrue();
        assertThat(attempts.getFirst().estimate()).isNotNull();
    }

    @Test
    void forgetsACallerWhoLeaves() throws IOException {
        try (var caller = new RawHttp(rig.gateway.port())) {
            caller.send(FailoverRig.request(FailoverRig.CHAT, STREAMED, "x-primary: preamble-silent"));
            caller.head();
        }

        var receipt = Eventually.get(() -> rig.gateway.journal().newest(1), found -> !found.isEmpty())
                .getFirst();

        assertThat(receipt.ending()).isEqualTo(Ending.ABANDONED);
        assertThat(fallback.asked()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"model\":\"m\""})
    void letsOperatorsTakeATargetOutAndPutItBack(String model) throws IOException {
        var target = "{\"provider\":\"openai\"" + model + ",\"reason\":\"slow\"}";

        assertThat(rig.operate("POST /targets/eject", target).body()).isEqualTo("{\"in_force_on\":1}");
        assertThat(chat().body()).contains("words of fallback");
        assertThat(chat("x-fallback: status=500").body()).contains("words of primary");
        assertThat(rig.operate("GET /targets", "").body())
                .contains("\"provider\":\"openai\",\"model\":\"m\",\"breaker\":\"closed\"", "\"ejected\":\"slow\"");
        assertThat(rig.operate("POST /targets/restore", target).status()).isEqualTo(200);

        assertThat(chat().body()).contains("words of primary");
        assertThat(rig.operate("POST /targets/eject", "{\"provider\":\"nobody\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void makesFewMoreAttemptsThanCalls() throws IOException {
        int attempts = 0;
        for (int i = 0; i < 200; i++) {
            // No breaker counts that, and by the next call nobody wants to be left alone any more.
            clock.pass(Duration.ofMinutes(1));
            attempts += Integer.parseInt(
                    chat("x-primary: status=429", "x-fallback: status=429").header("x-posthog-attempts"));
        }

        assertThat(attempts - 200).isBetween(60, 70);
        assertThat(rig.metric("aigw_targets_skipped_total{provider=\"second-openai\",reason=\"retry_budget\"}"))
                .isNotEmpty();
    }

    @Test
    void triesAPooledConnectionThatWasClosedOnceMoreAtTheSameTarget() throws IOException {
        FakeUpstream.Script once = peer -> {
            peer.readRequest();
            peer.answer("{}");
            peer.readRequest();
        };
        try (var closing = new FakeUpstream(once);
                var two = FailoverRig.start(
                        Files.createDirectory(folder.resolve("two")), closing.uri(), fallback.uri(), clock)) {
            two.ask(FailoverRig.CHAT, BODY);

            var answer = two.ask(FailoverRig.CHAT, BODY);

            assertThat(answer.header("x-posthog-provider")).isEqualTo("openai");
            assertThat(two.receipt(answer).attempts()).extracting(Attempt::next).containsExactly("closed_idle", null);
        }
    }
}
