package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Overrun;
import com.posthog.aigateway.testing.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Breathing budgets of a whole gateway: their holds follow the streams, and end them.
@Timeout(120)
class BreathingTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final BigDecimal FIVE_CENTS = new BigDecimal("0.05");

    @TempDir
    Path folder;

    private Rig rig(String budget) throws IOException {
        Files.writeString(folder.resolve("callers.yaml"), """
                organisations: []
                teams:
                  - id: dev
                    products: [llm_gateway]
                    budgets: [ { scope: team, window: 24h, %s } ]
                credentials:
                  - { id: dev-key, sha256: "%s", team: dev, products: [llm_gateway], models: ["*"] }
                """.formatted(budget, Rig.sha256(Rig.KEY)));
        // Holds a token for every byte, where the provider counts one for four.
        var catalogue = Files.readString(Path.of("providers.yaml"))
                .replaceFirst("(id: claude-sonnet-5-5\n)", "$1    estimates: { input_per_byte: 1 }\n");
        Files.writeString(folder.resolve("providers.yaml"), catalogue);
        return Rig.start(folder, "callers: callers.yaml\ncatalogue: providers.yaml\n", folder.resolve("bill.jsonl"));
    }

    private static HttpRequest request(Rig rig, String path, String body) {
        return HttpRequest.newBuilder(rig.uri().resolve(path))
                .header("authorization", "Bearer " + Rig.KEY)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private static HttpResponse<String> call(Rig rig, String path, String body)
            throws IOException, InterruptedException {
        return HTTP.send(request(rig, path, body), BodyHandlers.ofString());
    }

    private static String asking(String model, String directives, String more) {
        var asked = """
                {"model":"%s","stream":true,%s"messages":[{"role":"user","content":"x-mock: %s"}]}""".formatted(model, more, directives);
        return more.contains("max_output_tokens") ? asked.replace("\"messages\"", "\"input\"") : asked;
    }

    private static String end(HttpResponse<String> answer) {
        var body = answer.body().strip();
        return body.substring(Math.max(0, body.length() - 2_000));
    }

    private static JsonNode budget(Rig rig) {
        try {
            var uri = rig.uri().resolve("/v1/usage");
            var answer = HTTP.send(
                    HttpRequest.newBuilder(uri)
                            .header("authorization", "Bearer " + Rig.KEY)
                            .build(),
                    BodyHandlers.ofString());
            return JSON.readTree(answer.body()).path("budgets").path(0);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static BigDecimal amount(JsonNode budget, String name) {
        return new BigDecimal(budget.path(name).asText());
    }

    private static JsonNode atRest(Rig rig) {
        return Eventually.get(
                () -> budget(rig), budget -> budget.path("held_usd").asText().equals("0.000000000"));
    }

    private BigDecimal billed() throws IOException {
        var lines = Files.readAllLines(folder.resolve("bill.jsonl"));
        return BigDecimal.valueOf(JSON.readTree(lines.getLast()).path("nanos").asLong(), 9);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/chat/completions | gpt-6-sol         | "finish_reason":"length"       | data: [DONE]
            /v1/messages         | claude-sonnet-5-5 | "stop_reason":"max_tokens"     | {"type":"message_stop"}
            /v1/responses        | gpt-6-sol         | "reason":"max_output_tokens"   | }
            """)
    void endsAStreamLegallyWhenItsBudgetIsUsedUp(String path, String model, String reason, String last)
            throws Exception {
        try (var rig = rig("usd: 0.05")) {
            var limit = path.equals("/v1/responses") ? "\"max_output_tokens\":100000," : "\"max_tokens\":100000,";
            var answer = call(rig, path, asking(model, "words=60000", limit));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body().contains(reason)).as(end(answer)).isTrue();
            assertThat(end(answer)).endsWith(last);
            var receipt = rig.receipt();
            assertThat(receipt.ending()).isEqualTo(Ending.CUT);
            var spent = amount(atRest(rig), "spent_usd");
            assertThat(spent).isBetween(new BigDecimal("0.04"), FIVE_CENTS);
            assertThat(receipt.cost().total().usd()).isEqualByComparingTo(spent);

            var next = call(rig, path, asking(model, "words=1000", limit));
            assertThat(next.statusCode()).isEqualTo(402);
            assertThat(next.body()).contains("24h").contains("\"limit\":\"0.050000000\"");
        }
    }

    @Test
    void letsAStreamRunOnWhereItsBudgetSaysSo() throws Exception {
        try (var rig = rig("usd: 0.05, at_limit: finish")) {
            var answer = call(rig, "/v1/chat/completions", asking("gpt-6-sol", "words=12000", ""));

            assertThat(end(answer)).contains("\"finish_reason\":\"stop\"");
            var receipt = rig.receipt();
            assertThat(receipt.ending()).isEqualTo(Ending.COMPLETE);
            var spent = amount(atRest(rig), "spent_usd");
            assertThat(spent).isEqualByComparingTo(receipt.cost().total().usd()).isGreaterThan(FIVE_CENTS);
            var overrun = receipt.overruns().stream()
                    .filter(it -> it.cause() == Overrun.Cause.FINISH || it.cause() == Overrun.Cause.RAN_AHEAD)
                    .map(it -> it.amount().usd())
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(overrun).isGreaterThanOrEqualTo(spent.subtract(FIVE_CENTS));
            assertThat(call(rig, "/v1/chat/completions", asking("gpt-6-sol", "words=9", ""))
                            .statusCode())
                    .isEqualTo(402);
        }
    }

    @Test
    void refusesBeforeDispatchAndNeverCutsWhatIsNotStreamed() throws Exception {
        try (var rig = rig("usd: 0.0105")) {
            var body = """
                    {"model":"gpt-6-sol","messages":[{"role":"user","content":"x-mock: words=3000"}]}""";
            var refused = call(rig, "/v1/chat/completions", body);
            assertThat(refused.statusCode()).isEqualTo(402);
            assertThat(rig.mock.received()).isEmpty();

            var short1 = call(
                    rig,
                    "/v1/chat/completions",
                    body.replace("{\"model\"", "{\"max_completion_tokens\":900,\"model\""));
            assertThat(short1.statusCode()).as(short1.body()).isEqualTo(200);
            assertThat(rig.receipts(2).getFirst().ending()).isEqualTo(Ending.COMPLETE);
        }
    }

    @Test
    void holdsMoreAsTheStreamGoesOnAndLessOnceItsInputIsKnown() throws Exception {
        try (var rig = rig("usd: 5")) {
            var answer = HTTP.send(
                    request(
                            rig,
                            "/v1/messages",
                            asking("claude-sonnet-5-5", "words=2600,chunk=1500,chunk-gap=25ms", "\"max_tokens\":9000,")
                                    .replace(
                                            "{\"model\"",
                                            "{\"metadata\":{\"user_id\":\"" + "x".repeat(40_000) + "\"},\"model\"")),
                    BodyHandlers.ofInputStream());
            var estimated = new BigDecimal("0.08");
            try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                lines.readLine();
                var shrunk =
                        Eventually.get(() -> amount(budget(rig), "held_usd"), held -> held.compareTo(estimated) < 0);
                var grown = Eventually.get(() -> amount(budget(rig), "held_usd"), held -> held.compareTo(shrunk) > 0);
                assertThat(grown).isLessThan(new BigDecimal("0.1"));
                while (lines.readLine() != null) {
                    // To its end.
                }
            }
            assertThat(rig.receipt().ending()).isEqualTo(Ending.COMPLETE);
            assertThat(amount(atRest(rig), "spent_usd"))
                    .isEqualByComparingTo(rig.receipt().cost().total().usd());
        }
    }

    @Test
    void letsACallerReadSlowlyWhileItsHoldGrows() throws Exception {
        try (var rig = rig("usd: 5")) {
            var answer = HTTP.send(
                    request(rig, "/v1/chat/completions", asking("gpt-6-sol", "words=40000", "")),
                    BodyHandlers.ofInputStream());
            var body = answer.body();
            var first = amount(budget(rig), "held_usd");
            Eventually.get(() -> amount(budget(rig), "held_usd"), held -> held.compareTo(first) >= 0);
            var text = new String(body.readAllBytes(), StandardCharsets.UTF_8);

            assertThat(text.strip().substring(text.length() - 200)).endsWith("data: [DONE]");
            assertThat(rig.receipt().ending()).isEqualTo(Ending.COMPLETE);
            assertThat(amount(atRest(rig), "spent_usd"))
                    .isEqualByComparingTo(billed())
                    .isEqualByComparingTo(rig.receipt().cost().total().usd());
        }
    }
}
