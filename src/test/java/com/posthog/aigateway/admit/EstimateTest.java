package com.posthog.aigateway.admit;

import static com.posthog.aigateway.admit.Requests.call;
import static com.posthog.aigateway.admit.Requests.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.config.CallerSettings;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimateTest {

    private static final Catalogue CATALOGUE = Requests.sample();

    /// A model that does not reason.
    private static final Route PLAIN = route(CATALOGUE, "gpt-4.1");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CHAT_COMPLETIONS | {"n":1}                                    | 1000
            CHAT_COMPLETIONS | {"stream":true}                            | 1000
            CHAT_COMPLETIONS | {"max_tokens":50}                          | 50
            CHAT_COMPLETIONS | {"max_completion_tokens":40,"n":3}         | 120
            CHAT_COMPLETIONS | {"max_tokens":5000,"n":2}                  | 2000
            CHAT_COMPLETIONS | {"stream":true,"max_tokens":7,"n":900}     | 896
            CHAT_COMPLETIONS | {"max_tokens":-7,"n":-1}                   | 0
            CHAT_COMPLETIONS | {"max_tokens":null}                        | 1000
            RESPONSES        | {"max_output_tokens":99,"max_tokens":1}    | 99
            RESPONSES        | {"max_output_tokens":"few"}                | 1000
            MESSAGES         | {"max_tokens":64000}                       | 1000
            MESSAGES         | {"max_tokens":9,"n":5}                     | 9
            EMBEDDINGS       | {"input":"a"}                              | 0
            """)
    void expectsAFirstSliceOfOutput(Endpoint endpoint, String body, long output) {
        var estimate = Estimate.of(call(endpoint, body), PLAIN);

        assertThat(estimate).isEqualTo(new Estimate(Math.ceilDiv(body.length(), 4), output));
        assertThat(estimate.tokens()).isEqualTo(Math.ceilDiv(body.length(), 4) + output);
    }

    @Test
    void expectsNothingOfWhatIsNotBilled() {
        assertThat(Estimate.of(call(Endpoint.COUNT_TOKENS, "{\"model\":\"x\"}"), PLAIN))
                .isEqualTo(new Estimate(0, 0));
    }

    @Test
    void costsWhatTheFirstTargetAsks() {
        var call = call(Endpoint.MESSAGES, "{" + " ".repeat(3_998) + "}");

        var cost = new Estimate(1000, 1000).cost(CATALOGUE, call, route(CATALOGUE, "claude-sonnet-5-5"));

        assertThat(cost).isEqualTo(Money.parse("0.012"));
    }

    private static Caller caller(@Nullable String perCall) {
        return new Caller(
                "key",
                "dev",
                null,
                null,
                List.of(),
                Set.of(),
                false,
                Set.of("*"),
                null,
                true,
                new Caller.Bounds(null, perCall == null ? null : Money.parse(perCall)));
    }

    private static Ask ask(String mode, String guarantee) {
        CallerSettings settings =
                Requests.callers("teams: [ { id: dev, budgets: [ { scope: team, window: day, usd: 1, mode: " + mode
                        + ", guarantee: " + guarantee + " } ] } ]");
        var rules = Rules.of(Scope.TEAM, settings.teams().getFirst().budgets(), List.of());
        var stake = rules.stake(new Account(Scope.TEAM, "dev"), Overrides.NONE);
        return new Ask(List.of(new Ask.Root("team:dev", List.of(stake))));
    }

    private static final String TOOLS = "{\"max_tokens\":10,\"tools\":[{\"type\":\"web_search_20250305\"}]}";

    private static Amounts amounts(@Nullable String perCall, Ask ask, String body) {
        return Amounts.of(
                caller(perCall), call(Endpoint.MESSAGES, body), route(CATALOGUE, "claude-sonnet-5-5"), ask, CATALOGUE);
    }

    @Test
    void asksForTheWorstCaseOnlyWhereABudgetIsStrict() {
        var breathing = amounts(null, ask("enforce", "breathing"), TOOLS);
        var strict = amounts(null, ask("enforce", "strict"), "{\"max_tokens\":10}");

        assertThat(breathing.worst()).isEqualTo(breathing.estimate());
        assertThat(strict.worst()).isGreaterThan(strict.estimate());
        assertThat(ask("enforce", "strict")
                        .demands(strict)
                        .getFirst()
                        .claims()
                        .getFirst()
                        .nanos())
                .isEqualTo(strict.worst());
    }

    @Test
    void refusesWhatHasNoWorstCaseOnlyWhereThatRefuses() {
        var shadow = amounts(null, ask("shadow", "strict"), TOOLS);

        assertThat(shadow.worst()).isEqualTo(shadow.estimate());
        assertRefused(Reason.COST_UNBOUNDED, () -> amounts(null, ask("enforce", "strict"), TOOLS));
        assertRefused(Reason.COST_UNBOUNDED, () -> amounts("100", ask("shadow", "breathing"), TOOLS));
    }

    @Test
    void refusesWhatCouldCostMoreThanOneCallMay() {
        assertThat(amounts("1", ask("shadow", "breathing"), "{\"max_tokens\":10}")
                        .worst())
                .isPositive();
        assertRefused(Reason.CALL_TOO_DEAR, () -> amounts("0.01", ask("shadow", "breathing"), "{\"max_tokens\":1000}"));
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal.reason().status()).isEqualTo(402);
        });
    }
}
