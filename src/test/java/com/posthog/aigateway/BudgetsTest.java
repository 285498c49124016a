package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.testing.Eventually;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Budgets, limits and switches of a whole gateway, as callers and operators meet them.
@Timeout(120)
class BudgetsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ADMIN = "admin-token-of-the-test";
    private static final String CALL = """
            {"model":"gpt-6-sol","max_completion_tokens":100,"messages":[{"role":"user","content":"Say hello."}]}""";

    @TempDir
    Path folder;

    private Rig rig(String rules) throws IOException {
        Files.writeString(folder.resolve("callers.yaml"), """
                organisations: []
                teams:
                  - id: dev
                    products: [llm_gateway]
                %s
                credentials:
                  - { id: dev-key, sha256: "%s", team: dev, products: [llm_gateway], may_name: [user], models: ["*"] }
                """.formatted(rules.indent(4), Rig.sha256(Rig.KEY)));
        return Rig.start(folder, "callers: callers.yaml\nadmin: { token: " + ADMIN + " }\n");
    }

    private static HttpResponse<String> call(Rig rig) throws IOException, InterruptedException {
        return call(rig, CALL);
    }

    private static HttpResponse<String> call(Rig rig, String body) throws IOException, InterruptedException {
        return HTTP.send(
                request(rig.uri().resolve("/v1/chat/completions"))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri)
                .header("authorization", "Bearer " + Rig.KEY)
                .header("content-type", "application/json");
    }

    private static JsonNode usage(Rig rig) {
        try {
            return read(rig);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode read(Rig rig) throws IOException, InterruptedException {
        var answer = HTTP.send(request(rig.uri().resolve("/v1/usage")).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static JsonNode budget(Rig rig) {
        return Eventually.get(
                () -> usage(rig).path("budgets").path(0),
                budget -> budget.path("held_usd").asText().equals("0.000000000"));
    }

    private HttpResponse<String> operate(Rig rig, String path, String body) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.gateway.adminPort() + path))
                        .header("authorization", "Bearer " + ADMIN)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void admitsOnlyWhatAStrictBudgetHoldsHoweverManyAskAtOnce() throws Exception {
        try (var rig = rig("budgets: [ { scope: team, window: lifetime, usd: 0.5, guarantee: strict } ]")) {
            List<Future<HttpResponse<String>>> answers;
            try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
                var tasks = Collections.nCopies(100, (Callable<HttpResponse<String>>) () -> call(rig));
                answers = callers.invokeAll(tasks);
            }

            var refused = answers.stream()
                    .map(Future::resultNow)
                    .filter(answer -> answer.statusCode() != 200)
                    .toList();
            assertThat(refused).isNotEmpty().allMatch(answer -> answer.statusCode() == 402);
            var error = JSON.readTree(refused.getFirst().body()).path("error");
            assertThat(error.path("code").asText()).isEqualTo("budget_exceeded");
            assertThat(error.path("posthog").path("scope").asText()).isEqualTo("team");
            assertThat(error.path("posthog").path("limit").asText()).isEqualTo("0.500000000");
            var spent = new BigDecimal(budget(rig).path("spent_usd").asText());
            assertThat(spent).isPositive().isLessThanOrEqualTo(new BigDecimal("0.5"));
            var receipts = rig.gateway.journal().newest(200).stream()
                    .mapToLong(receipt -> receipt.cost().total().nanos())
                    .sum();
            assertThat(spent).isEqualByComparingTo(BigDecimal.valueOf(receipts, 9));
        }
    }

    @Test
    void remembersWhatWasSpentAcrossARestart() throws Exception {
        var rules = "budgets: [ { scope: team, window: lifetime, usd: 10 } ]";
        String spent;
        try (var rig = rig(rules)) {
            assertThat(call(rig).statusCode()).isEqualTo(200);
            spent = budget(rig).path("spent_usd").asText();
            assertThat(spent).isNotEqualTo("0.000000000");
        }

        try (var rig = rig(rules)) {
            assertThat(budget(rig).path("spent_usd").asText()).isEqualTo(spent);
            assertThat(call(rig).statusCode()).isEqualTo(200);
            assertThat(new BigDecimal(budget(rig).path("spent_usd").asText()))
                    .isEqualByComparingTo(new BigDecimal(spent).multiply(BigDecimal.TWO));
        }
    }

    @Test
    void refusesWhatIsTooFastWithTheTimeToWait() throws Exception {
        try (var rig = rig("limits: [ { scope: credential, requests_per_minute: 2 } ]")) {
            assertThat(call(rig).statusCode()).isEqualTo(200);
            assertThat(call(rig).statusCode()).isEqualTo(200);

            var refused = call(rig);

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("retry-after").orElse(0))
                    .isBetween(1L, 30L);
            var error = JSON.readTree(refused.body()).path("error").path("posthog");
            assertThat(error.path("what").asText()).isEqualTo("requests_per_minute");
            assertThat(error.path("used").asText()).isEqualTo("2");
        }
    }

    @Test
    void onlyCountsWhatAShadowedLimitWouldRefuse() throws Exception {
        try (var rig = rig("limits: [ { scope: team, concurrent: 0, mode: shadow } ]")) {
            assertThat(call(rig).statusCode()).isEqualTo(200);

            assertThat(rig.receipts(1)).hasSize(1);
            var metrics = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.gateway.adminPort() + "/metrics"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(metrics.body()).containsPattern("aigw_denials_total\\{.*shadow.*} 1");
        }
    }

    @Test
    void refusesBeforeDispatchWhatAStrictBudgetCannotBound() throws Exception {
        try (var rig = rig("budgets: [ { scope: team, window: lifetime, usd: 10, guarantee: strict } ]")) {
            var refused = call(rig, """
                    {"model":"gpt-6-sol","web_search_options":{},"messages":[{"role":"user","content":"Hello."}]}""");

            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(402);
            assertThat(refused.body()).contains("cost_unbounded").contains("web_search_options");
            assertThat(rig.mock.received()).isEmpty();
        }
    }

    @Test
    void doesWhatOperatorsSayAndKeepsItAcrossARestart() throws Exception {
        var rules = "budgets: [ { scope: team, window: 24h, usd: 0 } ]";
        try (var rig = rig(rules)) {
            assertThat(call(rig).statusCode()).isEqualTo(402);
            assertThat(operate(rig, "/ledger/budgets", "{\"account\":\"team:dev\",\"window\":\"24h\",\"usd\":\"5\"}")
                            .body())
                    .contains("\"in_force_on\":1");
            assertThat(call(rig).statusCode()).isEqualTo(200);
            assertThat(operate(rig, "/ledger/switches", "{\"what\":\"team:dev\",\"reason\":\"a test\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(call(rig).statusCode()).isEqualTo(403);
        }

        try (var rig = rig(rules)) {
            assertThat(call(rig).body()).contains("switched_off");
            operate(rig, "/ledger/switches", "{\"what\":\"team:dev\",\"off\":false}");
            assertThat(call(rig).statusCode()).isEqualTo(200);
            assertThat(operate(rig, "/ledger/switches", "{\"what\":\"house:dev\"}")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void showsOperatorsTheLedgerOnlyWithTheirToken() throws Exception {
        try (var rig = rig("budgets: [ { scope: team, window: 24h, usd: 5 } ]")) {
            call(rig);
            budget(rig);
            var uri = URI.create("http://127.0.0.1:" + rig.gateway.adminPort() + "/ledger/entries/team:dev");

            var closed = HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
            var open = HTTP.send(
                    HttpRequest.newBuilder(uri)
                            .header("authorization", "Bearer " + ADMIN)
                            .build(),
                    BodyHandlers.ofByteArray());

            assertThat(closed.statusCode()).isEqualTo(403);
            assertThat(open.statusCode()).isEqualTo(200);
            assertThat(new String(open.body(), UTF_8)).contains("\"account\":\"team:dev\"");
        }
    }
}
