package com.posthog.aigateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.config.At;
import com.posthog.aigateway.config.CallerSettings;
import com.posthog.aigateway.config.CallerSettings.Team;
import com.posthog.aigateway.config.Faults;
import com.posthog.aigateway.config.GatewaySettings.Recorded;
import com.posthog.aigateway.config.Secret;
import com.posthog.aigateway.testing.FakeClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final FakeClock clock = new FakeClock(NOON);
    private final Keys keys = Keys.of(
            new CallerSettings(
                    List.of(),
                    List.of(new Team(
                            At.NOWHERE,
                            "dev",
                            7L,
                            new Secret("phc_dev_team"),
                            Recorded.NONE,
                            List.of("a", "b"),
                            false,
                            new BigDecimal("0.5"),
                            null,
                            List.of(),
                            List.of())),
                    List.of(credential("one", "key-one", NOON.plusSeconds(60)), credential("two", "key-two", null)),
                    List.of()),
            Recorded.FULL,
            clock,
            new Faults());

    private static CallerSettings.Credential credential(String id, String key, @Nullable Instant expires) {
        return new CallerSettings.Credential(
                At.NOWHERE,
                id,
                Credential.sha256(key),
                "dev",
                "user-1",
                List.of(),
                Set.of(),
                true,
                Set.of("gpt-5-mini"),
                new BigDecimal("20"),
                new BigDecimal("0.25"),
                expires);
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization,Bearer key-one",
        "authorization,bearer key-one",
        "AUTHORIZATION,'BEARER   key-one  '",
        "x-api-key,key-one",
        "X-API-Key,' key-one '"
    })
    void knowsTheCallerFromEitherHeader(String header, String value) {
        assertThat(keys.identify(Headers.of(header, value)))
                .isEqualTo(new Caller(
                        "one",
                        "dev",
                        7L,
                        "user-1",
                        List.of("a", "b"),
                        Set.of(),
                        true,
                        Set.of("gpt-5-mini"),
                        "phc_dev_team",
                        false,
                        new Caller.Bounds(Money.parse("20"), Money.parse("0.25"))));
    }

    @Test
    void takesTheSameCredentialTwice() {
        var headers = Headers.of("Authorization", "Bearer key-two", "x-api-key", "key-two", "x-api-key", "");

        assertThat(keys.identify(headers).credential()).isEqualTo("two");
    }

    @Test
    void refusesTwoThatDiffer() {
        assertRefused(
                Reason.MALFORMED,
                "two different credentials, in 'Authorization' and 'x-api-key'; send one of them",
                "Authorization",
                "Bearer key-one",
                "x-api-key",
                "key-two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic key-one", "key-one"})
    void refusesWhoShowsNothing(String value) {
        assertRefused(
                Reason.CREDENTIAL_MISSING,
                "no credential; send it as 'Authorization: Bearer <key>' or as 'x-api-key: <key>'",
                "Authorization",
                value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key-On", "key-on", "key-one2", "KEY-ONE"})
    void refusesAnUnknownKeyWithoutRepeatingIt(String key) {
        assertRefused(
                Reason.CREDENTIAL_UNKNOWN,
                "the credential is not known here; check that it is this gateway's",
                "x-api-key",
                key);
    }

    @Test
    void refusesAKeyFromTheMomentItExpires() {
        var headers = Headers.of("x-api-key", "key-one");
        clock.pass(Duration.ofSeconds(60).minusNanos(1));
        assertThat(keys.identify(headers).credential()).isEqualTo("one");

        clock.pass(Duration.ofNanos(1));

        assertRefused(Reason.CREDENTIAL_EXPIRED, "credential 'one' has expired; get a new one", "x-api-key", "key-one");
    }

    @Test
    void letsACallerUseWhatItsListNames() {
        var caller = keys.identify(Headers.of("x-api-key", "key-two"));

        assertThat(caller.mayUse("gpt-5-mini")).isTrue();
        assertThat(caller.mayUse("gpt-5")).isFalse();
    }

    private void assertRefused(Reason reason, String what, String... headers) {
        assertThatThrownBy(() -> keys.identify(Headers.of(headers))).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal.what()).isEqualTo(what);
        });
    }
}
