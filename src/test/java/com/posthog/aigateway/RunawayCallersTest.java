package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeClock;
import com.posthog.aigateway.testing.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Callers who run away from a whole gateway, or from two; and what operators and PostHog see of it.
@Timeout(120)
class RunawayCallersTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ADMIN = "admin-token-of-the-test";
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final String AS_USUAL = "{}";
    private static final String FROM_ANY_AMOUNT = "{ spend: { at_least_usd_per_minute: 0 } }";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-28T12:00:00Z"));
    private int bodies;

    private Rig rig(String name, String team, String settings, Clock time) throws IOException {
        var own = Files.createDirectories(folder.resolve(name));
        Files.writeString(own.resolve("callers.yaml"), """
                teams:
                  - id: dev
                    products: [llm_gateway]
                    %s
                credentials:
                  - { id: dev-key, sha256: "%s", team: dev, products: [llm_gateway], may_name: [user], models: ["*"] }
                """.formatted(team, Rig.sha256(Rig.KEY)));
        return Rig.start(own, "callers: callers.yaml\nadmin: { token: " + ADMIN + " }\n" + settings, time);
    }

    private Rig rig(String runaway) throws IOException {
        return rig("one", "runaway: " + runaway, "", clock);
    }

    private static HttpResponse<String> call(Rig rig, String text) {
        var body = "{\"model\":\"gpt-6-sol\",\"max_completion_tokens\":100,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
        var request = HttpRequest.newBuilder(rig.uri().resolve("/v1/chat/completions"))
                .header("authorization", "Bearer " + Rig.KEY)
                .header("content-type", "application/json")
                .header("x-posthog-trace-id", "trace-" + text.replace(' ', '-'))
                .POST(BodyPublishers.ofString(body));
        return send(request);
    }

    private HttpResponse<String> callOnce(Rig rig) {
        return call(rig, "Number " + bodies++);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpRequest.Builder operator(Rig rig, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.gateway.adminPort() + path))
                .header("authorization", "Bearer " + ADMIN);
    }

    private static JsonNode open(Rig rig) {
        return json(send(operator(rig, "/runaway")).body());
    }

    private static HttpResponse<String> close(Rig rig, String what) {
        var body = JSON.createObjectNode().put("what", what).toString();
        return send(operator(rig, "/runaway/close").POST(BodyPublishers.ofString(body)));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    @Test
    void whoSendsTheSame200TimesIsStoppedUntilAnOperatorLetsItGoOn() throws Exception {
        try (var rig = rig(AS_USUAL)) {
            long start = System.nanoTime();
            var answers = new ArrayList<HttpResponse<String>>();
            for (int i = 0; i < 200; i++) {
                answers.add(call(rig, "Once more."));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TEN_SECONDS);

            assertThat(rig.mock.received()).hasSize(100);
            var refused = answers.getLast();
            assertThat(refused.statusCode()).isEqualTo(402);
            assertThat(refused.headers().firstValue("x-should-retry")).hasValue("false");
            assertThat(refused.headers().firstValueAsLong("retry-after").orElse(0))
                    .isBetween(200L, 300L);
            var error = json(refused.body()).path("error");
            assertThat(error.path("code").asText()).isEqualTo("runaway_stopped");
            assertThat(error.path("posthog").path("what").asText()).isEqualTo("same_body");
            assertThat(error.path("posthog").path("limit").asText()).isEqualTo("100");
            assertThat(call(rig, "Another.").statusCode()).isEqualTo(200);

            var breaker = open(rig).path(0);
            assertThat(breaker.path("why").asText()).contains("dev-key").contains("101 times");
            assertThat(close(rig, breaker.path("what").asText()).body()).isEqualTo("{\"closed_on\":1}");
            assertThat(open(rig)).isEmpty();
            for (int i = 0; i < 100; i++) {
                assertThat(call(rig, "Once more.").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void whoSpendsTwentyTimesTheUsualIsStoppedWithinTenSeconds() throws Exception {
        try (var rig = rig(FROM_ANY_AMOUNT)) {
            for (int minute = 1; minute <= 11; minute++) {
                assertThat(callOnce(rig).statusCode()).isEqualTo(200);
                rig.receipts(minute);
                clock.pass(Duration.ofMinutes(1));
            }

            var start = clock.instant();
            HttpResponse<String> answer;
            do {
                answer = callOnce(rig);
                clock.pass(Duration.ofSeconds(3)); // twenty a minute
            } while (answer.statusCode() == 200);

            assertThat(Duration.between(start, clock.instant().minusSeconds(3))).isLessThanOrEqualTo(TEN_SECONDS);
            assertThat(answer.statusCode()).isEqualTo(402);
            var breaker = open(rig).path(0);
            assertThat(breaker.path("kind").asText()).isEqualTo("times_baseline");
            assertThat(breaker.path("what").asText()).isEqualTo("credential:dev-key spend");
            assertThat(close(rig, "credential:dev-key spend").statusCode()).isEqualTo(200);
            assertThat(callOnce(rig).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatIsOpenStaysOpenAcrossARestart() throws Exception {
        try (var rig = rig("{ same_body: { times: 1 } }")) {
            call(rig, "Again.");
            assertThat(call(rig, "Again.").statusCode()).isEqualTo(402);
        }

        try (var rig = rig("{ same_body: { times: 1 } }")) {
            assertThat(call(rig, "Again.").statusCode()).isEqualTo(402);
            assertThat(close(rig, "credential:dev-key nothing").statusCode()).isEqualTo(404);
            assertThat(send(operator(rig, "/runaway/close").POST(BodyPublishers.ofString("what?")))
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void onlyOperatorsSeeAndClose() throws Exception {
        try (var rig = rig(AS_USUAL)) {
            var admin = "http://127.0.0.1:" + rig.gateway.adminPort();

            assertThat(send(HttpRequest.newBuilder(URI.create(admin + "/runaway")))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(send(HttpRequest.newBuilder(URI.create(admin + "/runaway/close"))
                                    .POST(BodyPublishers.ofString("{\"what\":\"x\"}")))
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void whatOneReplicaOpensIsOpenOnTheOtherAndClosedOnBoth() throws Exception {
        var ports = FreePorts.take(2);
        try (var one = member("one", ports, 0);
                var two = member("two", ports, 1)) {
            call(one, "Again.");
            call(one, "Again.");
            assertThat(call(one, "Again.").statusCode()).isEqualTo(402);

            assertThat(call(two, "Again.").statusCode()).isEqualTo(402);
            var what = open(two).path(0).path("what").asText();
            assertThat(close(two, what).body()).isEqualTo("{\"closed_on\":2}");

            assertThat(open(one)).isEmpty();
            assertThat(call(one, "Again.").statusCode()).isEqualTo(200);
            assertThat(call(two, "Again.").statusCode()).isEqualTo(200);
        }
    }

    private Rig member(String name, List<Integer> ports, int number) throws IOException {
        var cluster =
                "cluster: { mode: tcp, name: runaway-%d, port: %d, members: [\"127.0.0.1:%d\", \"127.0.0.1:%d\"] }"
                        .formatted(ProcessHandle.current().pid(), ports.get(number), ports.get(0), ports.get(1));
        var rig = rig(name, "runaway: { same_body: { times: 2 } }", cluster, Clock.systemUTC());
        Eventually.get(
                Duration.ofSeconds(40), () -> send(operator(rig, "/ready")).statusCode(), Integer.valueOf(200)::equals);
        return rig;
    }

    @Test
    void tellsPostHogOfDenialsOnceAMinute() throws Exception {
        var nothing = "budgets: [ { scope: team, window: 24h, usd: 0 } ]";
        try (var rig = rig("one", nothing, "", clock)) {
            for (int i = 0; i < 7; i++) {
                assertThat(callOnce(rig).statusCode()).isEqualTo(402);
            }
            assertThat(rig.receipts(7)).hasSize(7);
            assertThat(rig.sink.events()).isEmpty();
            clock.pass(Duration.ofMinutes(1));
            var first = rig.events(1).getFirst();
            for (int i = 0; i < 3; i++) {
                callOnce(rig);
            }
            clock.pass(Duration.ofMinutes(1));
            var second = rig.events(2).getLast();

            assertThat(first.path("event").asText()).isEqualTo("ai_gateway_request_denied");
            assertThat(first.path("distinct_id").asText()).isEqualTo("team-dev");
            var properties = first.path("properties");
            assertThat(properties.path("count").asLong()).isEqualTo(7);
            assertThat(properties.path("counts").path("budget").asLong()).isEqualTo(7);
            assertThat(second.path("properties").path("count").asLong()).isEqualTo(3);
            assertThat(second.path("uuid")).isNotEqualTo(first.path("uuid"));
            assertThat(properties.path("reason").asText()).isEqualTo("budget");
            assertThat(properties.path("scope").asText()).isEqualTo("team");
            assertThat(properties.path("id").asText()).isEqualTo("dev");
            assertThat(properties.path("what").asText()).isEqualTo("24h");
            assertThat(properties.path("limit").asText()).isEqualTo("0.000000000");
            assertThat(properties.path("used").asText()).isEqualTo("0.000000000");
            assertThat(properties.path("credential").asText()).isEqualTo("dev-key");
            assertThat(properties.path("team").asText()).isEqualTo("dev");
            assertThat(properties.path("ai_product").asText()).isEqualTo("llm_gateway");
            assertThat(properties.path("$ai_model").asText()).isEqualTo("gpt-6-sol");
            assertThat(properties.path("$ai_trace_id").asText()).isEqualTo("trace-Number-0");
            assertThat(first.toString()).doesNotContain(Rig.KEY);
        }
    }
}
