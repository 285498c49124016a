package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Overrun;
import com.posthog.aigateway.call.Receipt;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `report estimates` over the journal of a gateway that has served.
@Timeout(180)
class ReportEstimatesTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern SUGGESTION = Pattern.compile("(?m)^ {2}- id: (\\S+)\n( {4}estimates: \\{.*}\n)");
    private static final int CALLS = 105;
    private static final int CALLS_OF_A_RARE_MODEL = 5;

    @TempDir
    Path folder;

    private Rig rig(String name, Map<String, String> estimates) throws IOException {
        var own = Files.createDirectory(folder.resolve(name));
        Files.writeString(own.resolve("callers.yaml"), """
                organisations: []
                teams:
                  - id: dev
                    products: [llm_gateway]
                    runaway: { mode: off }
                    budgets: [ { scope: team, window: 24h, usd: 1000 } ]
                credentials:
                  - { id: dev-key, sha256: "%s", team: dev, products: [llm_gateway], models: ["*"] }
                """.formatted(Rig.sha256(Rig.KEY)));
        var catalogue = Files.readString(Path.of("providers.yaml"));
        for (var each : estimates.entrySet()) {
            var id = "  - id: " + each.getKey() + "\n";
            assertThat(catalogue).contains(id);
            catalogue = catalogue.replace(id, id + each.getValue());
        }
        Files.writeString(own.resolve("providers.yaml"), catalogue);
        return Rig.start(own, "callers: callers.yaml\ncatalogue: providers.yaml\n");
    }

    /// Streams that think long, streams whose provider reads more than was sent, and long answers in one piece.
    private List<Receipt> serve(Rig rig) throws IOException, InterruptedException {
        for (int i = 0; i < CALLS; i++) {
            ask(rig, "/v1/chat/completions", "gpt-6-sol", true, "words=200,reasoning=" + (2_000 + 10 * i));
            ask(rig, "/v1/messages", "claude-sonnet-5-5", true, "words=300,server-input=" + (10 + i % 10));
            ask(rig, "/v1/chat/completions", "gpt-6.1-terra", false, "words=" + (2_000 + 10 * i));
        }
        for (int i = 0; i < CALLS_OF_A_RARE_MODEL; i++) {
            ask(rig, "/v1/messages", "claude-haiku-4-5", false, "words=10");
        }
        return rig.receipts(3 * CALLS + CALLS_OF_A_RARE_MODEL);
    }

    private static void ask(Rig rig, String path, String model, boolean stream, String directives)
            throws IOException, InterruptedException {
        var body = """
                {"model":"%s","max_tokens":20000,"stream":%s,"messages":[{"role":"user","content":"x-mock: %s"}]}""".formatted(model, stream, directives);
        var answer = HTTP.send(
                HttpRequest.newBuilder(rig.uri().resolve(path))
                        .header("authorization", "Bearer " + Rig.KEY)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private String report(String name) throws Exception {
        var own = folder.resolve(name);
        var ended = CommandsTest.run(
                folder,
                "report",
                "estimates",
                "--config",
                own.resolve("gateway.yaml").toString(),
                "--data",
                own.resolve("data").toString());
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended.out();
    }

    private static Map<String, String> suggested(String report) {
        var suggested = new HashMap<String, String>();
        SUGGESTION.matcher(report).results().forEach(it -> suggested.put(it.group(1), it.group(2)));
        return suggested;
    }

    private static Map<Overrun.Cause, BigDecimal> overruns(List<Receipt> receipts, String model) {
        return receipts.stream()
                .filter(receipt -> model.equals(receipt.intent().model()))
                .flatMap(receipt -> receipt.overruns().stream())
                .collect(Collectors.toMap(
                        Overrun::cause, overrun -> overrun.amount().usd(), BigDecimal::add));
    }

    @Test
    void suggestsWhatMakesOverrunsSmaller() throws Exception {
        List<Receipt> before;
        String report;
        try (var rig = rig("before", Map.of())) {
            before = serve(rig);
            report = report("before");
        }
        var suggested = suggested(report);
        List<Receipt> after;
        try (var rig = rig("after", suggested)) {
            after = serve(rig);
        }

        assertThat(suggested).as(report).containsOnlyKeys("gpt-6-sol", "claude-sonnet-5-5", "gpt-6.1-terra");
        assertThat(report)
                .contains("  # claude-haiku-4-5: " + CALLS_OF_A_RARE_MODEL + " calls\n", "too few to suggest anything")
                .doesNotContain("x-mock", "dev-key", Rig.KEY);
        assertThat(before).allMatch(receipt -> receipt.intent().bodyBytes() != null);
        assertSmaller(before, after, "gpt-6-sol", Overrun.Cause.HIDDEN_OUTPUT);
        assertSmaller(before, after, "gpt-6.1-terra", Overrun.Cause.NOT_STREAMED);
    }

    /// All causes together are less than a tenth of what this one was.
    private static void assertSmaller(List<Receipt> before, List<Receipt> after, String model, Overrun.Cause cause) {
        var most = overruns(before, model).getOrDefault(cause, BigDecimal.ZERO).movePointLeft(1);
        var left = overruns(after, model);

        assertThat(left.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                .as(left.toString())
                .isLessThan(most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "0d", "-7d", "7", "9999999d"})
    void refusesATimeThatIsNone(String since) throws Exception {
        assertRefused("--since must be a time such as 30m, 12h or 7d: '" + since + "'", "--since=" + since);
    }

    @Test
    void saysThatThereIsNoFolder() throws Exception {
        var nowhere = folder.resolve("nowhere");

        assertRefused("the data folder '" + nowhere + "' cannot be read", "--data=" + nowhere);
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void saysThatAJournalIsEmpty() throws Exception {
        try (var rig = rig("empty", Map.of())) {
            assertThat(rig.gateway.journal().newest(1)).isEmpty();
            var data = folder.resolve("empty/data");

            assertRefused("there is no receipt of the last 12h in '" + data + "'", "--data=" + data, "--since=12h");
        }
    }

    /// In one line, without a stack trace.
    private void assertRefused(String line, String... options) throws Exception {
        var ended = CommandsTest.run(
                folder,
                Stream.concat(Stream.of("report", "estimates"), Arrays.stream(options))
                        .toArray(String[]::new));

        assertThat(ended.code()).as(ended.toString()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines().filter(it -> !it.startsWith("WARNING:")))
                .singleElement()
                .asString()
                .contains(line);
    }
}
