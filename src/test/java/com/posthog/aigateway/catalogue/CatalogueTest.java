package com.posthog.aigateway.catalogue;

import static com.posthog.aigateway.catalogue.Catalogues.NOW;
import static com.posthog.aigateway.catalogue.Catalogues.tokens;
import static com.posthog.aigateway.catalogue.Catalogues.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.call.Usage.Iteration;
import com.posthog.aigateway.call.Usage.Terms;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {

    private static final String TWO_PLACES = """
            providers:
              main: { family: anthropic, url: "https://main.example", key: "secret" }
              other: { family: anthropic, url: "https://other.example", key: "${env:NO_SUCH_KEY:}" }
              open: { family: openai, url: "https://open.example" }
            models:
              - id: opus
                status: active
                shapes: [anthropic-messages]
                aliases: [big, opus-20250101]
                reasons: true
                limits: { context: 1000, output: 100 }
                prices: [ { from: 2026-01-01, input: 5, output: 25, web_search: 10 } ]
                targets: [ { provider: main, model: opus }, { provider: other, model: x.opus, price: { times: 1.1 } } ]
              - id: opus-next
                status: active-limited
                shapes: [anthropic-messages]
                limits: { context: 2000 }
                prices: [ { from: 2026-01-01, input: 7, output: 35 } ]
            """;

    private final Catalogue catalogue = Catalogues.of(TWO_PLACES);

    @ParameterizedTest
    @CsvSource({"opus, opus", "big, opus", "opus-20250101, opus", "opus-next, opus-next"})
    void findsAModelByItsIdOrAlias(String name, String id) {
        assertThat(catalogue.find(name)).map(Model::id).contains(id);
    }

    @ParameterizedTest
    @CsvSource({"OPUS", "opu", "opus-next-20250101", "x.opus", "''"})
    void findsNothingByAnyOtherName(String name) {
        assertThat(catalogue.find(name)).isEmpty();
    }

    @Test
    void readsWhatAModelIs() {
        var model = catalogue.find("opus").orElseThrow();

        assertThat(model.shapes()).containsExactly(Shape.ANTHROPIC_MESSAGES);
        assertThat(model.reasons()).isTrue();
        assertThat(model.limits()).isEqualTo(new Model.Limits(1_000, 100L));
        assertThat(model.targets())
                .extracting(target -> target.provider().id(), Target::model, Target::priceTimes)
                .containsExactly(
                        tuple("main", "opus", BigDecimal.ONE), tuple("other", "x.opus", new BigDecimal("1.1")));
        assertThat(catalogue.models()).extracting(Model::id).containsExactly("opus", "opus-next");
    }

    @Test
    void servesUnknownModelsByTheFirstProviderOfTheirFamily() {
        assertThat(catalogue.primary(Family.ANTHROPIC)).map(Provider::id).contains("main");
        assertThat(catalogue.primary(Family.OPENAI)).map(Provider::id).contains("open");
    }

    @Test
    void isNotConfiguredWithoutAKey() {
        assertThat(catalogue.providers()).extracting(Provider::configured).containsExactly(true, false, false);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "opus, none, opus",
                "big, none, opus",
                // a snapshot of a known base; never a prefix
                "opus-2025-08-07, none, opus",
                "opus-20260808, none, opus",
                "opus@20260808, none, opus",
                "big@20260808, none, opus",
                "opus-next-20260808, none, opus-next",
                "opus-pro, none, ceiling",
                "opus-202608, none, ceiling",
                // the returned model beats the sent one
                "opus-next, opus, opus-next",
                "unheard-of, opus, opus",
                "none, opus-20260808, opus",
                "none, none, ceiling",
            })
    void pricesByTheReturnedModelThenTheSentOne(@Nullable String returned, @Nullable String sent, String name) {
        assertThat(catalogue.price(returned, sent, null, NOW).name()).isEqualTo(name);
    }

    @Test
    void pricesThroughTheNamesOfTheServingTarget() {
        var other = catalogue.find("opus").orElseThrow().targets().getLast();

        var price = catalogue.price("x.opus-2026-08-08", null, other, NOW);

        assertThat(price.name()).isEqualTo("opus");
        assertThat(catalogue.price("x.opus", null, null, NOW).known()).isFalse();
    }

    @Test
    void multipliesTokensButNotSearchesByTheTargetsFactor() {
        var other = catalogue.find("opus").orElseThrow().targets().getLast();
        var usage = with(
                tokens(1_000, 0, 0, 0, 0),
                1,
                Terms.NONE,
                List.of(new Iteration("advisor_message", "opus-next", 1_000, 0, 0, 0, 0)));

        var cost = catalogue.price("opus", null, other, NOW).cost(usage);

        assertThat(cost.input()).isEqualTo(Money.parse("0.0132"));
        assertThat(cost.webSearch()).isEqualTo(Money.parse("0.01"));
    }

    @ParameterizedTest
    @CsvSource({"10000, 0, true", "10001, 0, false", "9999, 2, false", "-1, 0, false", "0, -1, false"})
    void believesNoMoreThanTenTimesTheContext(long input, long read, boolean believable) {
        var model = catalogue.find("opus").orElseThrow();

        assertThat(model.believable(tokens(input, read, 0, 0, 0))).isEqualTo(believable);
    }

    @ParameterizedTest
    @CsvSource({"10000, true", "10001, false", "-1, false"})
    void believesStepsNoMoreThanTotals(long output, boolean believable) {
        var usage = with(tokens(1, 0, 0, 0, 1), new Iteration("compaction", null, 0, 0, 0, 0, output));

        assertThat(catalogue.find("opus").orElseThrow().believable(usage)).isEqualTo(believable);
    }

    @Test
    void readsTheSampleOfTheJar() {
        var sample = Catalogues.sample();

        assertThat(sample.primary(Family.OPENAI).orElseThrow().url()).isEqualTo(URI.create("https://api.openai.com"));
        assertThat(sample.primary(Family.ANTHROPIC).orElseThrow().configured()).isFalse();
        assertThat(sample.find("gpt-5.6")).map(Model::id).contains("gpt-5.6-sol");
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-5-2025-08-07, gpt-5",
        "claude-haiku-4-5-20251001, claude-haiku-4-5",
        "claude-sonnet-4-5@20250929, claude-sonnet-4-5",
        "gpt-4o-2024-08-06, gpt-4o-2024-08-06",
        "gpt-5.4-2026-03-05, gpt-5.4",
        // no target here yet, and still priced
        "claude-opus-4-1-20250805, claude-opus-4-1",
        "claude-sonnet-4-20250514, claude-sonnet-4",
    })
    void pricesTheNamesThatAnswersBear(String returned, String name) {
        assertThat(Catalogues.sample().price(returned, null, null, NOW).name()).isEqualTo(name);
    }

    @Test
    void knowsTheNewestActiveModelOfALine() {
        var lines = Catalogues.sample().lines();

        assertThat(lines)
                .filteredOn(line -> line.names().contains("sonnet"))
                .singleElement()
                .satisfies(line -> assertThat(line.newest()).map(Model::id).contains("claude-sonnet-5-5"));
        assertThat(lines).allSatisfy(line -> assertThat(line.newest()).isPresent());
    }

    /// As the sources say: Sonnet 4 and 4.5 have it as a beta, newer ones by nature, and others not at all.
    @Test
    void wantsABetaForLongContextOfSonnet4And45Only() {
        assertThat(Catalogues.sample().models())
                .filteredOn(model -> model.longContextBeta() != null)
                .extracting(Model::id)
                .containsExactlyInAnyOrder("claude-sonnet-4-5", "claude-sonnet-4");
    }

    @Test
    void listsThePriceOfTheDay() {
        var sol = Catalogues.sample().find("gpt-5.6-sol").orElseThrow();

        assertThat(catalogue.listPrice(null, NOW))
                .isEqualTo(new ListPrice("ceiling", null, new BigDecimal("15"), new BigDecimal("180")));
        assertThat(Catalogues.sample().listPrice(sol, NOW))
                .isEqualTo(new ListPrice(
                        "gpt-5.6-sol", LocalDate.of(2026, 8, 21), new BigDecimal("4"), new BigDecimal("20")));
        assertThat(Catalogues.sample()
                        .listPrice(sol, Instant.parse("2020-01-01T00:00:00Z"))
                        .name())
                .isEqualTo("ceiling");
    }
}
