package com.posthog.aigateway;

import static com.posthog.aigateway.ReloadRig.priced;
import static com.posthog.aigateway.ReloadRig.team;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.testing.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Callers and catalogue that are edited and read again, as callers and operators meet it.
@Timeout(120)
class ReloadTest {

    private static final String BUDGET = "budgets: [ { scope: team, window: 24h, usd: %s } ]";
    private static final String STREAM = """
            {"model":"gpt-test","stream":true,"stream_options":{"include_usage":true},
             "messages":[{"role":"user","content":"Say hello."}]}""";

    @TempDir
    Path folder;

    private static BigDecimal spent(ReloadRig rig) {
        var settled = Eventually.get(
                rig::budget, budget -> budget.path("held_usd").asText().equals("0.000000000"));
        return new BigDecimal(settled.path("spent_usd").asText());
    }

    private static BigDecimal cost(HttpResponse<?> answer) {
        return new BigDecimal(answer.headers().firstValue("x-posthog-cost-usd").orElseThrow());
    }

    private static void reloads(ReloadRig rig) throws IOException, InterruptedException {
        var answer = rig.reload();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /// An answer that goes on for about three seconds, and has begun.
    private static HttpResponse<InputStream> openStream(ReloadRig rig) throws IOException {
        var answer =
                rig.call(Rig.KEY, STREAM, Map.of("x-mock", "words=60,chunk-gap=50ms"), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().read()).isPositive();
        return answer;
    }

    @Test
    void turnsAwayARevokedCredentialAtTheNextCallAndKnowsANewOne() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            assertThat(rig.call().statusCode()).isEqualTo(200);
            assertThat(rig.call(ReloadRig.OTHER_KEY).statusCode()).isEqualTo(401);

            rig.writeCallers(ReloadRig.credential("dev", "new-key", ReloadRig.OTHER_KEY, "limits: []"));
            var answer = rig.read(rig.reload().body());

            assertThat(rig.call().statusCode()).isEqualTo(401);
            assertThat(rig.call(ReloadRig.OTHER_KEY).statusCode()).isEqualTo(200);
            assertThat(answer.at("/in_force/models").asInt()).isEqualTo(1);
            assertThat(answer.at("/in_force/credentials").asInt()).isEqualTo(1);
        }
    }

    @Test
    void holdsTheNextCallToANewBudgetAndKeepsWhatWasSpent() throws Exception {
        try (var rig = ReloadRig.start(folder, BUDGET.formatted(5))) {
            var cost = cost(rig.call());
            assertThat(spent(rig)).isEqualByComparingTo(cost).isPositive();

            rig.writeCallers(team(BUDGET.formatted(cost.toPlainString())));
            reloads(rig);
            var refused = rig.call();
            rig.writeCallers(team(BUDGET.formatted(4)));
            reloads(rig);

            assertThat(refused.statusCode()).isEqualTo(402);
            assertThat(new BigDecimal(
                            rig.read(refused.body()).at("/error/posthog/used").asText()))
                    .isEqualByComparingTo(cost);
            assertThat(rig.call().statusCode()).isEqualTo(200);
            assertThat(spent(rig)).isEqualByComparingTo(cost.multiply(BigDecimal.TWO));
        }
    }

    @Test
    void beginsABudgetAtZeroWhereNoneWasBefore() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            assertThat(rig.call().statusCode()).isEqualTo(200);

            rig.writeCallers(team(BUDGET.formatted(5)));
            reloads(rig);

            assertThat(spent(rig)).isZero();
            var cost = cost(rig.call());
            assertThat(spent(rig)).isEqualByComparingTo(cost);
        }
    }

    @Test
    void countsALimitOnFromWhereItWas() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: [ { scope: team, requests_per_minute: 3 } ]")) {
            rig.call();
            rig.call();

            rig.writeCallers(team("limits: [ { scope: team, requests_per_minute: 2 } ]"));
            reloads(rig);

            assertThat(rig.call().statusCode()).isEqualTo(429);
        }
    }

    @Test
    void leavesWhatOperatorsChangedInForce() throws Exception {
        try (var rig = ReloadRig.start(folder, BUDGET.formatted(5))) {
            rig.operate("/ledger/budgets", "{\"account\":\"team:dev\",\"window\":\"24h\",\"usd\":\"0\"}");

            rig.writeCallers(team(BUDGET.formatted(50)));
            reloads(rig);

            assertThat(rig.call().statusCode()).isEqualTo(402);
            rig.operate("/ledger/budgets", "{\"account\":\"team:dev\",\"window\":\"24h\",\"usd\":null}");
            assertThat(rig.call().statusCode()).isEqualTo(200);
            assertThat(rig.budget().path("limit_usd").asText()).isEqualTo("50.000000000");
        }
    }

    @Test
    void settlesACallWhoseTeamIsRemovedWhileItRuns() throws Exception {
        try (var rig = ReloadRig.start(folder, BUDGET.formatted(5));
                var stream = openStream(rig).body()) {
            rig.writeCallers(ReloadRig.credential("other", "other-key", ReloadRig.OTHER_KEY, "limits: []"));
            reloads(rig);
            assertThat(rig.rig.gateway.journal().newest(1)).isEmpty();
            assertThat(rig.call().statusCode()).isEqualTo(401);

            assertThat(new String(stream.readAllBytes(), UTF_8)).endsWith("data: [DONE]\n\n");

            var receipt = rig.rig.receipt();
            assertThat(receipt.ending()).isEqualTo(Ending.COMPLETE);
            assertThat(receipt.intent().who().team()).isEqualTo("dev");
            assertThat(receipt.cost().total().nanos()).isPositive();
            rig.writeCallers(team(BUDGET.formatted(5)));
            reloads(rig);
            assertThat(spent(rig))
                    .isEqualByComparingTo(
                            BigDecimal.valueOf(receipt.cost().total().nanos(), 9));
        }
    }

    @Test
    void chargesANewPriceFromTheNextCallOn() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []");
                var stream = openStream(rig).body()) {
            rig.writeCatalogue(priced(2));
            reloads(rig);
            assertThat(rig.rig.gateway.journal().newest(1)).isEmpty();
            var dear = cost(rig.call());
            stream.readAllBytes();
            rig.writeCatalogue(priced(1));
            reloads(rig);
            var cheap = cost(rig.call());

            assertThat(dear).isEqualByComparingTo(cheap.multiply(BigDecimal.TWO));
            var running = rig.rig.receipts(3).stream()
                    .filter(receipt -> receipt.intent().stream())
                    .findFirst()
                    .orElseThrow();
            var usage = Objects.requireNonNull(running.reading().usage());
            assertThat(running.cost().total().nanos()).isEqualTo((usage.prompt() + usage.output()) * 1_000);
        }
    }

    @Test
    void knowsANewModelAndANewAlias() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            rig.writeCatalogue(priced(1).replace("id: gpt-test", "id: gpt-other\n    aliases: [gpt-test]"));

            assertThat(rig.read(rig.reload().body()).at("/in_force/models").asInt())
                    .isEqualTo(1);

            assertThat(rig.call().statusCode()).isEqualTo(200);
            assertThat(rig.models()).containsExactly("gpt-other");
        }
    }

    @Test
    void keepsWhatIsInForceWhereAFileIsBadAndTellsAllFaults() throws Exception {
        try (var rig = ReloadRig.start(folder, BUDGET.formatted(5))) {
            rig.writeCallers(team("budgets:\n  - { scope: team, window: 24h, usd: -3 }\nbudgget: []"));
            rig.writeCatalogue(priced(2).replace("status: active", "status: famous"));

            var answer = rig.reload();

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(rig.read(answer.body()).path("faults"))
                    .extracting(JsonNode::asText)
                    .map(fault -> fault.replace(folder + "/", ""))
                    .satisfiesExactlyInAnyOrder(
                            fault -> assertThat(fault).startsWith("callers.yaml:6: 'usd' must not be negative: -3"),
                            fault -> assertThat(fault).startsWith("callers.yaml:7: unknown key 'budgget'"),
                            fault -> assertThat(fault).startsWith("providers.yaml:6: 'status' must be one of"));
            assertThat(rig.call().statusCode()).isEqualTo(200);
            assertThat(rig.budget().path("limit_usd").asText()).isEqualTo("5.000000000");
            assertThat(rig.look("/metrics"))
                    .contains("aigw_reloads_total{result=\"refused\"} 1")
                    .contains("aigw_reloads_total{result=\"done\"} 0")
                    .contains("aigw_configuration_refused 1\n");

            rig.writeCallers(team(BUDGET.formatted(6)));
            rig.writeCatalogue(priced(1));
            reloads(rig);

            assertThat(rig.look("/metrics"))
                    .contains("aigw_reloads_total{result=\"done\"} 1")
                    .contains("aigw_configuration_refused 0\n");
        }
    }

    @Test
    void takesNothingOfOneFileWhereTheOtherIsBad() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            var before = cost(rig.call());
            rig.writeCatalogue(priced(7));
            rig.writeCallers("teams: " + "[".repeat(200_000));

            var answer = rig.reload();

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);

            assertThat(cost(rig.call())).isEqualByComparingTo(before);
        }
    }

    @Test
    void neverTakesTheJarsSampleForAFileThatIsGone() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            Files.delete(ReloadRig.catalogue(folder));
            Files.delete(ReloadRig.callers(folder));

            var answer = rig.reload();

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .contains("callers.yaml: the file does not exist", "providers.yaml: the file does");
            assertThat(rig.call().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void saysWhenTheSettingsHaveChangedWhichWaitForARestart() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            assertThat(rig.reload().body()).doesNotContain("restart");
            Files.writeString(
                    folder.resolve("gateway.yaml"), ReloadRig.settings(folder) + "unknown_model: { policy: refuse }\n");

            var answer = rig.reload();

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(rig.read(answer.body()).path("notices").toString())
                    .contains(folder.resolve("gateway.yaml").toString(), "restart");
        }
    }

    @Test
    void isForOperatorsOnly() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            assertThat(rig.reload("somebody").statusCode()).isEqualTo(403);
            assertThat(rig.look("/reload")).contains("/reload takes POST");
            assertThat(rig.look("/metrics")).contains("aigw_reloads_total{result=\"done\"} 0");
        }
    }
}
