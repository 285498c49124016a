package com.posthog.aigateway.catalogue;

import static com.posthog.aigateway.catalogue.Catalogues.NOW;
import static com.posthog.aigateway.catalogue.Catalogues.audio;
import static com.posthog.aigateway.catalogue.Catalogues.price;
import static com.posthog.aigateway.catalogue.Catalogues.tokens;
import static com.posthog.aigateway.catalogue.Catalogues.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.call.Usage.Iteration;
import com.posthog.aigateway.call.Usage.Terms;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTest {

    private static final String SONNET =
            "input: 3, output: 15, cache_read: 0.30, cache_write_5m: 3.75, cache_write_1h: 6, web_search: 10";

    private static final String SOL = """
            input: 2, output: 10, cache_read: 0.20, cache_write_5m: 2.5,
            above: [ { prompt: 272000, input: 4, output: 15, cache_read: 0.40, cache_write_5m: 5 } ],
            tiers: { priority: { times: 2 }, flex: { times: 0.5 }, batch: { times: 0.5 } }""";

    @Test
    void pricesEachSideAndSumsThem() {
        var cost = price(SONNET).cost(tokens(1_000, 500, 200, 100, 10));

        assertThat(cost.input()).isEqualTo(Money.parse("0.003"));
        assertThat(cost.cacheRead()).isEqualTo(Money.parse("0.00015"));
        assertThat(cost.cacheWrite()).isEqualTo(Money.parse("0.00135"));
        assertThat(cost.output()).isEqualTo(Money.parse("0.00015"));
        assertThat(cost.total()).isEqualTo(Money.parse("0.00465"));
        assertThat(cost.pricedAs()).isEqualTo("m");
        assertThat(cost.estimated()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // one token at 0.0125 USD per million is 12.5 nano-dollars
        "1, 0, 0, 0, 0, 0.000000013",
        "0, 1, 0, 0, 0, 0.000000013",
        "0, 0, 0, 0, 1, 0.000000013",
        // each side is rounded: 13 + 13 + 13, not 37.5
        "1, 1, 0, 0, 1, 0.000000039",
        // the two kinds of writes are one side: 0.4 + 0.1, not 0 + 0
        "0, 0, 1, 1, 0, 0.000000001",
        "3, 0, 0, 0, 0, 0.000000038",
        "0, 0, 1, 0, 0, 0.000000000",
    })
    void roundsEachSideOnceHalfUp(long input, long read, long write5m, long write1h, long output, String total) {
        var price = price(
                "input: 0.0125, output: 0.0125, cache_read: 0.0125, cache_write_5m: 0.0004, cache_write_1h: 0.0001");

        assertThat(price.cost(tokens(input, read, write5m, write1h, output)).total())
                .isEqualTo(Money.parse(total));
    }

    @ParameterizedTest
    @CsvSource({
        "272000, 0, 0, 1000, 0.554",
        "272001, 0, 0, 1000, 1.103004",
        "250000, 22000, 0, 0, 0.5044",
        "250000, 22001, 0, 0, 1.0088004",
        "250000, 20000, 2000, 0, 0.509",
        "250000, 20000, 2001, 0, 1.018005",
        "30000, 250000, 20000, 0, 0.32",
    })
    void movesTheWholeRequestToTheRowAboveItsPrompt(long input, long read, long write, long output, String total) {
        assertThat(price(SOL).cost(tokens(input, read, write, 0, output)).total())
                .isEqualTo(Money.parse(total));
    }

    @ParameterizedTest
    @CsvSource({"100000, 0.0105", "100001, 0.0525005", "200000, 0.1025", "200001, 0.202501"})
    void takesTheHighestRowThatThePromptIsAbove(long input, String total) {
        var price = price("input: 0.1, output: 0.5, above: ["
                + "{ prompt: 100000, input: 0.5, output: 2.5 }, { prompt: 200000, input: 1, output: 2.5 }]");

        assertThat(price.cost(tokens(input, 0, 0, 0, 1_000)).total()).isEqualTo(Money.parse(total));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, 0.003",
                "default, 0.003",
                "standard, 0.003",
                "auto, 0.003",
                "scale, 0.003",
                "priority, 0.006",
                "flex, 0.0015",
                "batch, 0.0015",
            })
    void takesTheServiceTierOfTheAnswer(@Nullable String tier, String total) {
        var usage = with(tokens(1_000, 0, 0, 0, 100), new Terms(tier, null, null));

        assertThat(price(SOL).cost(usage).total()).isEqualTo(Money.parse(total));
        assertThat(price(SOL).guesses(usage)).isEmpty();
    }

    @Test
    void multipliesTheRowThatALongPromptChose() {
        var usage = with(tokens(300_000, 0, 0, 0, 1_000), new Terms("priority", null, null));

        assertThat(price(SOL).cost(usage).total()).isEqualTo(Money.parse("2.43"));
    }

    @ParameterizedTest
    @CsvSource({
        // a tier's own rates, and what it does not name as in the row
        "1000, 1000, 0.00275",
        // above the prompt: the higher of 2.5 and 4 for input; reads as in that row
        "300000, 0, 1.2",
    })
    void takesTheHigherOfATiersOwnRatesAndALongPromptsRow(long input, long read, String total) {
        var price = price("input: 2, output: 10, cache_read: 0.25,"
                + " above: [ { prompt: 272000, input: 4, output: 15, cache_read: 0.5 } ],"
                + " tiers: { priority: { input: 2.5, output: 20 } }");
        var usage = with(tokens(input, read, 0, 0, 0), new Terms("priority", null, null));

        assertThat(price.cost(usage).total()).isEqualTo(Money.parse(total));
    }

    @Test
    void takesTheDearestListedForATierThatIsNotListed() {
        var usage = with(tokens(1_000, 0, 0, 0, 100), new Terms("turbo", null, null));
        var dear = price("input: 2, output: 10, tiers: { ultrafast: { times: 6 } }");

        assertThat(price(SOL).cost(usage).total()).isEqualTo(Money.parse("0.006"));
        assertThat(dear.cost(usage).total()).isEqualTo(Money.parse("0.018"));
        assertThat(dear.guesses(usage)).containsExactly("service_tier turbo");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, none, 0.0055",
                "standard, global, 0.0055",
                "standard, not_available, 0.0055",
                "fast, global, 0.011",
                "standard, us, 0.00605",
                "fast, us, 0.0121",
            })
    void multipliesForSpeedAndPlace(@Nullable String speed, @Nullable String geo, String total) {
        var price = price("input: 5, output: 25, fast: { times: 2 }, us: { times: 1.1 }");
        var usage = with(tokens(1_000, 0, 0, 0, 20), new Terms("standard", speed, geo));

        assertThat(price.cost(usage).total()).isEqualTo(Money.parse(total));
        assertThat(price.guesses(usage)).isEmpty();
    }

    @Test
    void guessesAtSpeedsAndPlacesThatAreNotListed() {
        var price = price("input: 5, output: 25, us: { times: 1.1 }");
        var usage = with(tokens(1_000, 0, 0, 0, 20), new Terms(null, "fast", "mars"));

        assertThat(price.cost(usage).total()).isEqualTo(Money.parse("0.0121"));
        assertThat(price.guesses(usage)).containsExactly("speed fast", "inference_geo mars");
    }

    @Test
    void neverMultipliesSearches() {
        var price = price(SONNET + ", fast: { times: 2 }, tiers: { batch: { times: 0.5 } }");
        var usage = with(tokens(1_000, 0, 0, 0, 0), 3, new Terms("batch", "fast", null), List.of());

        assertThat(price.cost(usage).webSearch()).isEqualTo(Money.parse("0.03"));
        assertThat(price.cost(usage).total()).isEqualTo(Money.parse("0.033"));
    }

    @Test
    void guessesASearchWithoutARate() {
        var price = price("input: 3, output: 15");
        var usage = with(tokens(0, 0, 0, 0, 0), 1, Terms.NONE, List.of());

        assertThat(price.cost(usage).total()).isEqualTo(Money.parse("0.01"));
        assertThat(price.guesses(usage)).containsExactly("web_search");
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 0, 0, 0.002, ''",
        "0, 1000, 0, 0.002, cache_read",
        "0, 0, 1000, 0.0025, cache_write_5m",
        // above: the guess follows the row's own input rate
        "300000, 1000, 0, 1.204, cache_read",
    })
    void guessesAMissingCacheRateFromTheInputRate(long input, long read, long write, String total, String guess) {
        var price = price("input: 2, output: 10, above: [ { prompt: 272000, input: 4, output: 15 } ]");
        var usage = tokens(input, read, write, 0, 0);

        assertThat(price.cost(usage).total()).isEqualTo(Money.parse(total));
        assertThat(String.join(",", price.guesses(usage))).isEqualTo(guess);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 1000, 200, 800, 0.01, 0.066",
        "1000, 1000, 0, 0, 0.0025, 0.01",
        // no more audio than there are tokens
        "100, 0, 1000, 0, 0.004, 0",
    })
    void pricesAudioPartsAtTheirOwnRates(
            long input, long output, long audioInput, long audioOutput, String in, String out) {
        var cost = price("input: 2.5, output: 10, audio_input: 40, audio_output: 80")
                .cost(audio(input, output, audioInput, audioOutput));

        assertThat(cost.input()).isEqualTo(Money.parse(in));
        assertThat(cost.output()).isEqualTo(Money.parse(out));
    }

    @Test
    void addsStepsThatAreBilledOutsideTheTotals() {
        var price = Catalogues.sample().price("claude-sonnet-4-6", null, null, NOW);
        var usage = with(
                tokens(180, 0, 0, 0, 8),
                new Iteration("compaction", null, 100, 0, 55_096, 0, 82),
                new Iteration("message", null, 180, 0, 0, 0, 8));

        var cost = price.cost(usage);

        assertThat(cost.input()).isEqualTo(Money.parse("0.00084"));
        assertThat(cost.cacheWrite()).isEqualTo(Money.parse("0.20661"));
        assertThat(cost.output()).isEqualTo(Money.parse("0.00135"));
    }

    @Test
    void pricesAnAdvisorAsItself() {
        var price = Catalogues.sample().price("claude-sonnet-5", null, null, NOW);
        var usage = with(
                tokens(2_390, 0, 0, 0, 121), new Iteration("advisor_message", "claude-opus-4-8", 2_518, 0, 0, 0, 22));

        var cost = price.cost(usage);

        assertThat(cost.input()).isEqualTo(Money.parse("0.01737"));
        assertThat(cost.output()).isEqualTo(Money.parse("0.00176"));
        assertThat(price.guesses(usage)).isEmpty();
    }

    @Test
    void choosesAStepsRowByItsOwnPrompt() {
        var price = Catalogues.sample().price("claude-haiku-5-5", null, null, NOW);
        var usage = with(tokens(100_000, 0, 0, 0, 0), new Iteration("compaction", null, 100_001, 0, 0, 0, 0));

        assertThat(price.cost(usage).total()).isEqualTo(Money.parse("0.0600005"));
    }

    @ParameterizedTest
    @CsvSource({
        // the answering model's own work, at its own speed: 4 x 2 for both
        "compaction, , 0.01760",
        "compaction, claude-opus-5-5, 0.01760",
        // another model: place applies, speed does not: 4 x 2 + 5
        "advisor_message, claude-opus-5, 0.0143",
    })
    void keepsPlaceForEveryStepAndSpeedForTheAnsweringModel(String type, @Nullable String model, String total) {
        var price = Catalogues.sample().price("claude-opus-5-5", null, null, NOW);
        var usage = with(
                with(tokens(1_000, 0, 0, 0, 0), new Terms("standard", "fast", "us")),
                new Iteration(type, model, 1_000, 0, 0, 0, 0));

        assertThat(price.cost(usage).total()).isEqualTo(Money.parse(total));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"claude-unheard-of", "none"})
    void holdsAnUnknownAdvisorToTheCeiling(@Nullable String model) {
        var price = Catalogues.sample().price("claude-sonnet-5", null, null, NOW);
        var usage = with(tokens(0, 0, 0, 0, 0), new Iteration("advisor_message", model, 1_000, 0, 0, 0, 100));

        assertThat(price.cost(usage).total()).isEqualTo(Money.parse("0.033"));
        assertThat(price.guesses(usage)).containsExactly("model");
    }

    @Test
    void holdsAnUnknownModelToTheCeilingWhateverItsTier() {
        var price = Catalogues.sample().price("gpt-unheard-of", null, null, NOW);
        var usage = with(tokens(1_000, 0, 0, 0, 100), new Terms("flex", null, null));

        assertThat(price.known()).isFalse();
        assertThat(price.name()).isEqualTo("ceiling");
        assertThat(price.cost(usage).total()).isEqualTo(Money.parse("0.033"));
        assertThat(price.cost(usage).pricedAs()).isEqualTo("ceiling");
    }

    @Test
    void boundsCountsThatCannotBeTrue() {
        long most = Long.MAX_VALUE;
        var usage = new Usage(most, most, most, most, most, 0, most, most, 0, 0, most, Terms.NONE, List.of());

        assertThat(price(SONNET).cost(usage).total()).isEqualTo(Money.parse("5000000000"));
        assertThat(price(SONNET).cost(tokens(-1, -1, -1, -1, -1)).total()).isEqualTo(Money.ZERO);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-sonnet-5-5, 2026-10-06T23:59:59.999Z, 0.0002",
        "claude-sonnet-5-5, 2026-10-07T00:00:00Z, 0.0001",
        "claude-sonnet-5-5, 2026-10-07T01:59:59+02:00, 0.0002",
        "gpt-5.6-luna, 2026-07-29T23:59:59Z, 0.0001",
        "gpt-5.6-luna, 2026-07-30T00:00:00Z, 0.00002",
        "gpt-5.6-sol, 2026-08-20T23:59:59Z, 0.0005",
        "gpt-5.6-sol, 2026-08-21T00:00:00Z, 0.0004",
    })
    void takesTheNewestRowThatIsNotAfterTheCall(String model, String at, String read) {
        var price = Catalogues.sample()
                .price(model, null, null, OffsetDateTime.parse(at).toInstant());

        assertThat(price.cost(tokens(0, 1_000, 0, 0, 0)).total()).isEqualTo(Money.parse(read));
    }

    @Test
    void doesNotKnowThePriceOfADayBeforeTheFirstRow() {
        var price = Catalogues.sample().price("claude-opus-5-5", null, null, Instant.parse("2025-12-31T23:59:59Z"));

        assertThat(price.known()).isFalse();
    }
}
