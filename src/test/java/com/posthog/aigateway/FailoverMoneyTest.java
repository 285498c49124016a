package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Charge;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Skipped;
import com.posthog.aigateway.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a call costs, and who is charged, when more than one target was asked. 5 tokens of input and 7 of
/// output cost 75 millionths of a dollar at the first, and twice as much at the second.
class FailoverMoneyTest {

    private static final long AT_THE_SECOND = 150_000;
    private static final Account TEAM = new Account(Scope.TEAM, "dev");
    private static final Account USER = new Account(Scope.CREDENTIAL, "dev-key");
    private static final Account FIRST = new Account(Scope.PROVIDER, "openai");
    private static final Account SECOND = new Account(Scope.PROVIDER, "second-openai");

    @TempDir
    Path folder;

    private final PlayedProvider primary = new PlayedProvider("primary");
    private final PlayedProvider fallback = new PlayedProvider("fallback");
    private FailoverRig rig;

    @BeforeEach
    void start() throws IOException {
        open("1");
    }

    private void open(String secondsBudget) throws IOException {
        Files.writeString(folder.resolve("callers.yaml"), """
                organisations: []
                teams:
                  - id: dev
                    products: [llm_gateway]
                    budgets:
                      - { scope: team, window: lifetime, usd: 1, guarantee: strict }
                      - { scope: credential, window: lifetime, usd: 1 }
                credentials: [ { id: dev-key, sha256: "%s", team: dev, products: [llm_gateway], models: ["*"] } ]
                caps:
                  - { scope: provider, id: openai, budgets: [ { window: lifetime, usd: 1 } ] }
                  - { scope: provider, id: second-openai, budgets: [ { window: lifetime, usd: %s, guarantee: strict } ] }
                """.formatted(Rig.sha256(Rig.KEY), secondsBudget));
        rig = FailoverRig.start(
                folder, primary.uri(), fallback.uri(), Clock.systemUTC(), "timeouts: { first_byte: 1s }");
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
        primary.close();
        fallback.close();
    }

    private Receipt ask(boolean stream, String... headers) throws IOException {
        return rig.receipt(rig.ask(FailoverRig.CHAT, FailoverRig.body(FailoverRig.CHAT, stream, ""), headers));
    }

    private static String serving(Receipt receipt) {
        return Objects.requireNonNull(receipt.intent().serving()).provider();
    }

    private static long charged(Receipt receipt, Account account) {
        return receipt.charges().stream()
                .filter(charge -> charge.account().equals(account))
                .mapToLong(Charge::nanos)
                .sum();
    }

    @Test
    void chargesTheTargetThatServedAtItsPrice() throws IOException {
        var receipt = ask(false, "x-primary: status=529");

        assertThat(receipt.cost().total().nanos()).isEqualTo(AT_THE_SECOND);
        assertThat(serving(receipt)).isEqualTo("second-openai");
        assertThat(charged(receipt, TEAM)).isEqualTo(AT_THE_SECOND);
        assertThat(charged(receipt, USER)).isEqualTo(AT_THE_SECOND);
        assertThat(charged(receipt, FIRST)).isZero();
        assertThat(charged(receipt, SECOND)).isEqualTo(AT_THE_SECOND);
        assertThat(receipt.atRisk().nanos()).isZero();
    }

    @Test
    void chargesAnAttemptThatMayBeBilledBesideTheOneThatServed() throws IOException {
        var one = ask(true, "x-primary: ok");
        var receipt = ask(true, "x-primary: silent");

        long hold = one.intent().held().stream()
                .flatMap(held -> held.parts().stream())
                .filter(part -> part.account().equals(TEAM))
                .mapToLong(part -> part.nanos())
                .sum();
        long estimate = receipt.beside().nanos();
        assertThat(receipt.cost().total().nanos()).isEqualTo(AT_THE_SECOND);
        assertThat(estimate).isPositive();
        assertThat(charged(receipt, TEAM)).as("strict: a whole hold").isEqualTo(hold + AT_THE_SECOND);
        assertThat(receipt.atRisk().nanos()).isEqualTo(hold);
        assertThat(charged(receipt, USER)).isEqualTo(estimate + AT_THE_SECOND);
        assertThat(charged(receipt, FIRST)).isEqualTo(estimate);
        assertThat(charged(receipt, SECOND)).isEqualTo(AT_THE_SECOND);
    }

    @Test
    void doesNotAskATargetWhoseOwnBudgetIsUsedUp() throws IOException {
        rig.close();
        open("0.000001");

        var answer = rig.ask(FailoverRig.CHAT, FailoverRig.body(FailoverRig.CHAT, false, ""), "x-primary: status=529");

        assertThat(answer.status()).isEqualTo(529);
        var receipt = rig.receipt(answer);
        assertThat(receipt.skipped()).containsExactly(new Skipped("second-openai", "gpt-second", "money"));
        assertThat(fallback.asked()).isZero();
        assertThat(receipt.charges()).isEmpty();
    }

    @Test
    void holdsNothingOnceItIsOver() throws IOException {
        ask(false, "x-primary: status=529");
        ask(true, "x-primary: preamble-error=api_error", "x-fallback: status=500");
        ask(true, "x-primary: silent", "x-fallback: close");

        for (var root : new String[] {"team:dev", "provider:openai", "provider:second-openai"}) {
            var entry = Eventually.get(() -> describe(root), text -> !text.contains("\"holds\":[{"));
            assertThat(entry).contains("charged");
        }
    }

    private String describe(String root) {
        try {
            return rig.operate("GET /ledger/entries/" + root, "").body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
