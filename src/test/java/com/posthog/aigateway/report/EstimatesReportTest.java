package com.posthog.aigateway.report;

import static com.posthog.aigateway.testing.SampleReceipts.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Grain;
import com.posthog.aigateway.call.Held;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Overrun;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.Faults;
import com.posthog.aigateway.config.GatewaySettings.Ceiling;
import com.posthog.aigateway.config.YamlFile;
import com.posthog.aigateway.testing.SampleReceipts;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The arithmetic of suggestions, over made receipts.
class EstimatesReportTest {

    private static final String CATALOGUE = """
            providers:
              openai: { family: openai, url: "http://127.0.0.1:1", key: "" }
            lines: []
            models:
              - id: plain
                status: active
                shapes: [openai-chat]
                limits: { context: 100000, output: 10000 }
                estimates: { input_per_byte: 0.2, slice: 900, whole_output: 800, hidden_output: 30 }
                prices: [ { from: 2026-01-01, input: 1, output: 1 } ]
                targets: [ { provider: openai, model: plain-as-sent } ]
              - id: vectors
                status: active
                shapes: [openai-embeddings]
                limits: { context: 100000 }
                prices: [ { from: 2026-01-01, input: 1, output: 0 } ]
                targets: [ { provider: openai, model: vectors } ]
            """;

    private static final String TOO_FEW = "too few to suggest anything";

    private final EstimatesReport report;

    EstimatesReportTest(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("providers.yaml"), CATALOGUE);
        var faults = new Faults();
        var catalogue = Catalogue.read(yaml(faults), file, faults, ceiling());
        faults.throwIfAny();
        report = new EstimatesReport(Objects.requireNonNull(catalogue));
    }

    private static YamlFile yaml(Faults faults) {
        return new YamlFile(new Environment(Map.of()), faults);
    }

    private static Ceiling ceiling() {
        return new Ceiling(BigDecimal.TEN, BigDecimal.TEN);
    }

    /// One call in terms of what counts here.
    ///
    /// @param bytes null: of a version that did not note them
    /// @param shown tokens; below zero for an answer that was not streamed
    record Made(@Nullable String sent, @Nullable Long bytes, long input, long output, long shown, Endpoint endpoint) {

        static Made stream(long bytes, long input, long output, long shown) {
            return new Made("plain-as-sent", bytes, input, output, shown, Endpoint.CHAT_COMPLETIONS);
        }

        static Made whole(long bytes, long input, long output) {
            return stream(bytes, input, output, -1);
        }

        Receipt receipt() {
            // A third of the input came from the cache, and a third went there.
            long third = input / 3;
            var usage = new Usage(
                    input - 2 * third, third, third, 0, output, 0, 0, 0, 0, 0, 0, Usage.Terms.NONE, List.of());
            return receipt(usage, false, List.of(), List.of());
        }

        Receipt receipt(@Nullable Usage usage, boolean estimated, List<Held> held, List<Overrun> overruns) {
            var base = SampleReceipts.intentAt(NOON);
            var cost = new Cost(
                    Money.parse("0.002"), Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, "nothing", estimated);
            var intent = new Intent(
                    base.id(),
                    NOON,
                    endpoint,
                    shown >= 0,
                    base.who(),
                    base.labels(),
                    "as-called",
                    new Intent.Serving("openai", "http://127.0.0.1:1/v1", sent, cost),
                    held,
                    bytes);
            var reading = new Reading("id", null, usage, null, "stop", null, true, Math.max(0, shown));
            return new Receipt(
                    intent,
                    Ending.COMPLETE,
                    200,
                    null,
                    List.of(),
                    reading,
                    cost,
                    Duration.ZERO,
                    null,
                    overruns,
                    List.of());
        }

        Receipt held(String usd, Overrun... overruns) {
            var part = new Held.Part(Account.parse("team:dev"), Money.parse(usd).nanos(), false, List.of(Grain.DAY));
            var held = new Held("team:dev", 1, 1, NOON.toEpochMilli(), List.of(part));
            return receipt(Usage.estimate(input, output), false, List.of(held), List.of(overruns));
        }
    }

    private void add(int calls, LongFunction<Made> made) {
        LongStream.rangeClosed(1, calls).mapToObj(made).map(Made::receipt).forEach(report::add);
    }

    private List<String> suggested() {
        return report.lines().stream()
                .filter(line -> line.startsWith("    estimates: "))
                .map(line -> line.substring("    estimates: ".length()))
                .toList();
    }

    static Stream<Arguments> tables() {
        return Stream.of(
                Arguments.of(
                        "input at 90 %, whole output at 75 % less what is hidden; the slice stays, too few streams",
                        100,
                        (LongFunction<Made>) i -> Made.whole(1_000, i * 5, i * 10),
                        "{ input_per_byte: 0.45, slice: 900, whole_output: 720, hidden_output: 30 }"),
                Arguments.of(
                        "hidden output at 75 %, a slice of a fifth of the median",
                        100,
                        (LongFunction<Made>) i -> Made.stream(1_000, 250, i * 100 + i, i * 100),
                        "{ input_per_byte: 0.25, slice: 1000, whole_output: 800, hidden_output: 75 }"),
                Arguments.of(
                        "all is rounded up to two digits",
                        100,
                        (LongFunction<Made>) _ -> Made.stream(3_000, 1_000, 11_111, 10_010),
                        "{ input_per_byte: 0.34, slice: 2200, whole_output: 800, hidden_output: 1200 }"),
                Arguments.of(
                        "a stream that showed more than was reported hid nothing; the slice has a lower bound",
                        100,
                        (LongFunction<Made>) _ -> Made.stream(1_000, 10, 40, 50),
                        "{ input_per_byte: 0.01, slice: 200, whole_output: 800, hidden_output: 0 }"),
                Arguments.of(
                        "the slice has an upper bound, and a byte is one token at most",
                        100,
                        (LongFunction<Made>) _ -> Made.stream(10, 5_000, 90_000, 90_000),
                        "{ input_per_byte: 1, slice: 4000, whole_output: 800, hidden_output: 0 }"),
                Arguments.of(
                        "answers shorter than what is hidden",
                        200,
                        (LongFunction<Made>)
                                i -> i % 2 == 0 ? Made.stream(100, 10, 600, 100) : Made.whole(100, 10, 400),
                        "{ input_per_byte: 0.1, slice: 200, whole_output: 1, hidden_output: 500 }"),
                Arguments.of(
                        "a provider that reports no input",
                        100,
                        (LongFunction<Made>) _ -> Made.whole(1_000, 0, 130),
                        "{ input_per_byte: 0.000001, slice: 900, whole_output: 100, hidden_output: 30 }"),
                Arguments.of(
                        "embeddings have input only",
                        100,
                        (LongFunction<Made>) _ -> new Made("vectors", 1_000L, 300, 0, -1, Endpoint.EMBEDDINGS),
                        "{ input_per_byte: 0.3 }"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void suggests(String what, int calls, LongFunction<Made> made, String suggestion) {
        add(calls, made);

        assertThat(suggested()).as(what).containsExactly(suggestion);
    }

    @Test
    void suggestsNothingFromTooFew() {
        add(99, _ -> Made.whole(1_000, 300, 100));

        assertThat(suggested()).isEmpty();
        assertThat(report.lines()).anyMatch(line -> line.contains("plain: 99 calls"));
        assertThat(report.lines()).anyMatch(line -> line.contains(TOO_FEW));
    }

    @Test
    void tellsHowThePresentEstimatesWouldHaveDone() {
        add(100, i -> Made.whole(1_000, i <= 60 ? 200 : 201, i <= 70 ? 830 : 831));
        add(100, i -> Made.stream(1_000, 200, i <= 80 ? 130 : 131, 100));

        assertThat(report.lines())
                .contains(
                        "  #   more input than 0.2 a byte: 40 of 200 (20 %)",
                        "  #   not streamed, more output than 830: 30 of 100 (30 %)",
                        "  #   streamed, more hidden output than 30: 20 of 100 (20 %)");
    }

    @Test
    void tellsWhatWasHeldTooLittleAndTooMuch() {
        var call = Made.whole(1_000, 200, 100);
        report.add(call.held("0.005"));
        report.add(call.held("0.002"));
        report.add(call.held("0.001", new Overrun(Overrun.Cause.INPUT, Money.parse("0.001"))));
        report.add(call.receipt());

        assertThat(report.lines())
                .contains(
                        "  #   cost more than was held: 1 of 3 (33 %), by 0.001000000 USD: input 0.001000000",
                        "  #   held too much at their end: 0.001000000 USD on average");
    }

    @Test
    void countsWhatItPassesOver() {
        add(3, _ -> new Made("plain-as-sent", null, 10, 10, -1, Endpoint.CHAT_COMPLETIONS));
        add(2, _ -> new Made("nobody-knows", 100L, 10, 10, -1, Endpoint.CHAT_COMPLETIONS));
        add(1, _ -> new Made("plain-as-sent", 100L, 10, 10, -1, Endpoint.INPUT_TOKENS));
        var call = Made.whole(1_000, 200, 100);
        report.add(call.receipt(null, false, List.of(), List.of()));
        report.add(call.receipt(Usage.estimate(1, 1), true, List.of(), List.of()));
        report.add(SampleReceipts.bareAt(NOON));

        assertThat(suggested()).isEmpty();
        assertThat(report.lines())
                .contains(
                        "# passed over: 2 calls without a known usage, 3 whose receipts do not know the length of the"
                                + " request",
                        "# of models that are not in the catalogue: 2 calls")
                .noneMatch(line -> line.contains("nobody-knows") || line.contains("as-called"));
    }

    @Test
    void hasNothingToSayOfNothing() {
        assertThat(report.lines()).isEmpty();
    }
}
