package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.Line;
import com.posthog.aigateway.testing.Message;
import com.posthog.aigateway.testing.RecordingProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is not known is never free: an answer without usage that can be true costs an estimate, which says so; a model
/// without a price costs the ceiling; a rate that had to be guessed raises an alarm.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnknownCostTest {

    private static final Money PROMPT = Money.parse("0.000125");

    private @Nullable RecordingProvider provider;
    private @Nullable Rig rig;

    @BeforeAll
    void start(@TempDir Path folder) {
        provider = new RecordingProvider();
        rig = Rig.start(folder, "{}", provider.uri());
    }

    @AfterAll
    void stop() throws IOException {
        rig().close();
        provider().close();
    }

    private Rig rig() {
        return Optional.ofNullable(rig).orElseThrow();
    }

    private RecordingProvider provider() {
        return Optional.ofNullable(provider).orElseThrow();
    }

    private Message ask(String model, String usage) throws IOException {
        var answer =
                ("{\"id\":\"c1\",\"model\":\"" + model + "\",\"choices\":[],\"usage\":" + usage + "}").getBytes(UTF_8);
        provider()
                .prepare(
                        "one",
                        new RecordingProvider.Answer(
                                List.of(
                                        ("HTTP/1.1 200 OK\r\nContent-Length: " + answer.length + "\r\n\r\n")
                                                .getBytes(UTF_8),
                                        answer),
                                false));
        var body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(133)
                + "\"}]}";
        try (var line = new Line(rig().gateway.port())) {
            return line.ask(("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nX-Case: one\r\nAuthorization: Bearer "
                            + Rig.KEY + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .getBytes(UTF_8));
        }
    }

    private Receipt receipt(Message answer) {
        var call = UUID.fromString(answer.first("x-posthog-request-id"));
        return Eventually.get(() -> rig().gateway.journal().receipt(call), Optional::isPresent)
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "[]",
                "{\"completion_tokens\":3}",
                "{\"prompt_tokens\":-1,\"completion_tokens\":1}",
                "{\"prompt_tokens\":1,\"completion_tokens\":-1}",
                "{\"prompt_tokens\":1.5,\"completion_tokens\":1}",
                "{\"prompt_tokens\":10500001,\"completion_tokens\":1}",
                "{\"prompt_tokens\":1,\"completion_tokens\":10500001}",
                "{\"prompt_tokens\":99999999999999999999,\"completion_tokens\":1}",
                "{\"prompt_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":6}}",
            })
    void costsAnEstimateThatSaysSo(String usage) throws IOException {
        var answer = ask("gpt-5.4", usage);

        var cost = receipt(answer).cost();
        assertThat(cost.estimated()).isTrue();
        assertThat(cost.total()).isGreaterThanOrEqualTo(PROMPT);
        assertThat(answer.first("x-posthog-cost-usd")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10500000, 0, 52.5",
        "0, 10500000, 157.5",
        "272000, 0, 0.68",
        "272001, 0, 1.360005",
        "0, 0, 0",
    })
    void believesUpToTenTimesTheContext(long input, long output, String usd) throws IOException {
        var answer = ask("gpt-5.4", "{\"prompt_tokens\":" + input + ",\"completion_tokens\":" + output + "}");

        var cost = receipt(answer).cost();
        assertThat(cost.estimated()).isFalse();
        assertThat(cost.total()).isEqualTo(Money.parse(usd));
        assertThat(Money.parse(answer.first("x-posthog-cost-usd"))).isEqualTo(Money.parse(usd));
    }

    @Test
    void costsTheCeilingWithoutAPriceAndRaisesAnAlarm() throws Exception {
        int before = guessed();

        var cost = receipt(ask("gpt-unheard-of-9", "{\"prompt_tokens\":1000,\"completion_tokens\":100}"))
                .cost();

        assertThat(cost.pricedAs()).isEqualTo("ceiling");
        assertThat(cost.total()).isEqualTo(Money.parse("0.033"));
        assertThat(guessed()).isEqualTo(before + 1);
    }

    @Test
    void guessesARateThatIsMissingAndRaisesAnAlarm() throws Exception {
        int before = guessed();
        var usage = "{\"prompt_tokens\":1000,\"prompt_tokens_details\":{\"cache_write_tokens\":1000}}";

        // Nothing is listed for writes: five quarters of 2.5 for a million.
        assertThat(receipt(ask("gpt-5.4", usage)).cost().total()).isEqualTo(Money.parse("0.003125"));
        assertThat(receipt(ask("gpt-5.4", "{\"prompt_tokens\":1000}")).cost().total())
                .isEqualTo(Money.parse("0.0025"));
        assertThat(guessed()).isEqualTo(before + 1);
    }

    private int guessed() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var metrics = client.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + rig().gateway.adminPort() + "/metrics"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return metrics.body()
                    .lines()
                    .filter(line -> line.startsWith("aigw_price_guessed"))
                    .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }
}
