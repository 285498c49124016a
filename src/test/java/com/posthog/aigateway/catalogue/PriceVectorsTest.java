package com.posthog.aigateway.catalogue;

import static com.posthog.aigateway.catalogue.Catalogues.audio;
import static com.posthog.aigateway.catalogue.Catalogues.price;
import static com.posthog.aigateway.catalogue.Catalogues.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What PostHog's ingestion computes for the same tokens and rates, so that both agree. Where a model has no cache
/// rate, ingestion guesses a discount and we do not: those rows say what it would compute.
class PriceVectorsTest {

    private static final String SONNET = "input: 3, output: 15, cache_read: 0.30, cache_write_5m: 3.75";

    @ParameterizedTest
    @CsvSource({
        // uncached, read, written, output, cost of all input, cost of output
        "1000, 500, 0, 0, 0.00315, 0",
        "1000, 0, 300, 0, 0.004125, 0",
        "1000, 500, 300, 0, 0.004275, 0",
        "1000, 500, 200, 100, 0.0039, 0.0015",
        // reported inclusive: 1000 with 500 read
        "500, 500, 0, 0, 0.00165, 0",
        "457, 36216, 0, 0, 0.0122358, 0",
        "3815, 0, 84329, 460, 0.32767875, 0.0069",
        // reported inclusive: 14013 with 13306 read and 701 written
        "6, 13306, 701, 165, 0.00663855, 0.002475",
        "247, 6287, 0, 0, 0.0026271, 0",
    })
    void agreesOnAnthropic(long input, long read, long write, long output, String in, String out) {
        var cost = price(SONNET).cost(tokens(input, read, write, 0, output));

        assertThat(cost.input().plus(cost.cacheRead()).plus(cost.cacheWrite())).isEqualTo(Money.parse(in));
        assertThat(cost.output()).isEqualTo(Money.parse(out));
    }

    @ParameterizedTest
    @CsvSource({
        // gpt-4o: 1000 with 400 read; and 400 read beside 1000
        "600, 400, 0, 0.002, 0",
        "1000, 400, 0, 0.003, 0",
        // o1-mini: reasoning is inside output
        "0, 0, 50, 0, 0.0005",
    })
    void agreesOnOpenAi(long input, long read, long output, String in, String out) {
        var cost = price("input: 2.5, output: 10, cache_read: 1.25").cost(tokens(input, read, 0, 0, output));

        assertThat(cost.input().plus(cost.cacheRead())).isEqualTo(Money.parse(in));
        assertThat(cost.output()).isEqualTo(Money.parse(out));
    }

    @ParameterizedTest
    @CsvSource({
        // claude-2: the same for writes; reads 0.00832 there, at a tenth
        "8, 24, 1000, 0, 200, 0.01",
        "8, 24, 1000, 400, 0, 0.0112",
        // gpt-4: 0.024 there, at half; an unknown model: 0.0008
        "30, 60, 600, 400, 0, 0.03",
        "1, 1, 600, 400, 0, 0.001",
    })
    void neverGuessesADiscountForACacheRate(
            String input, String output, long uncached, long read, long write, String total) {
        var price = price("input: " + input + ", output: " + output);

        assertThat(price.cost(tokens(uncached, read, write, 0, 0)).total()).isEqualTo(Money.parse(total));
        assertThat(price.guesses(tokens(uncached, read, write, 0, 0))).isNotEmpty();
    }

    /// Cached audio has no rate of its own here, so their row with 50 cached audio tokens is not one of ours.
    @Test
    void agreesOnAudio() {
        var cost = price("input: 2.5, output: 10, audio_input: 40, audio_output: 80")
                .cost(audio(1_000, 1_000, 200, 800));

        assertThat(cost.input()).isEqualTo(Money.parse("0.01"));
        assertThat(cost.output()).isEqualTo(Money.parse("0.066"));
    }

    @ParameterizedTest
    @CsvSource({
        "272000, 0, 0, 0.544",
        "272001, 0, 0, 1.088004",
        // exclusive counts: 30000 + 250000 + 20000 = 300000
        "30000, 250000, 20000, 0.42",
    })
    void agreesOnContextTiers(long input, long read, long write, String total) {
        var price = price("input: 2, output: 10, cache_read: 0.45, cache_write_5m: 2.5,"
                + " above: [ { prompt: 272000, input: 4, output: 15, cache_read: 0.8, cache_write_5m: 5 } ]");

        assertThat(price.cost(tokens(input, read, write, 0, 0)).total()).isEqualTo(Money.parse(total));
    }
}
