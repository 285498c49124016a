package com.posthog.aigateway.catalogue;

import static com.posthog.aigateway.catalogue.Catalogues.NOW;
import static com.posthog.aigateway.catalogue.Catalogues.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.call.Usage.Terms;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// `providers.yaml` says what the collected sources say: every model that is served, and today's prices of each.
class SourcePricesTest {

    private static final Set<String> SERVED =
            Set.of("active", "active-limited", "legacy", "legacy-limited", "deprecated");

    private static final List<String> KINDS = List.of(
            "input",
            "output",
            "cache_read",
            "cache_write",
            "cache_write_5m",
            "cache_write_1h",
            "input_audio",
            "output_audio");

    private final Catalogue catalogue = Catalogues.sample();

    @Test
    void sellsTheServedModelsAndNoneThatIsGone() throws IOException {
        var all = ids(Shared.json("data/catalogue.json").path("models"));
        var served = ids(source());
        var sold = catalogue.models().stream().map(Model::id).toList();
        var gone = new TreeSet<>(all);
        gone.removeAll(served);

        assertThat(sold).containsAll(served).doesNotContainAnyElementsOf(gone);
    }

    @Test
    void saysOfEachModelWhatTheSourceSays() throws IOException {
        for (var source : source()) {
            var model = catalogue.find(source.path("id").asText()).orElseThrow();

            assertThat(model.status()).hasToString(source.path("status").asText());
            assertThat(model.limits().context())
                    .isEqualTo(source.path("context_tokens").asLong());
            assertThat(model.limits().output())
                    .isEqualTo(
                            source.path("max_output_tokens").isNull()
                                    ? null
                                    : (Long) source.path("max_output_tokens").asLong());
            assertThat(model.retires() == null ? "null" : model.retires().toString())
                    .isEqualTo(source.path("retires_on").asText());
            assertThat(model.targets().isEmpty())
                    .isEqualTo(source.path("status").asText().equals("retired-on-anthropic"));
            for (var alias : source.path("aliases")) {
                assertThat(catalogue.find(alias.asText())).isPresent();
            }
        }
    }

    @Test
    void asksTodaysPrices() throws IOException {
        var wrong = new ArrayList<String>();
        for (var source : source()) {
            var id = source.path("id").asText();
            wrong.addAll(differences(id, source.path("prices"), 1_000, Terms.NONE));
            wrong.addAll(differences(id, source.path("batch"), 1_000, new Terms("batch", null, null)));
            wrong.addAll(differences(id, source.path("flex"), 1_000, new Terms("flex", null, null)));
            wrong.addAll(
                    differences(id, source.path("priority").path("prices"), 1_000, new Terms("priority", null, null)));
            wrong.addAll(
                    differences(id, source.path("fast_mode").path("prices"), 1_000, new Terms(null, "fast", null)));
            for (var above : source.path("long_context_tiers")) {
                wrong.addAll(differences(id, above, 2_000_000, Terms.NONE));
            }
            wrong.addAll(searches(id, source.path("web_search_per_1000")));
        }

        assertThat(wrong).isEmpty();
    }

    private List<String> differences(String id, JsonNode rates, long tokens, Terms terms) {
        var price = catalogue.price(id, null, null, NOW);
        var wrong = new ArrayList<String>();
        for (var kind : KINDS) {
            if (rates.hasNonNull(kind)) {
                var usage = with(only(kind, tokens), terms);
                var expected = Money.ofUsd(
                        rates.get(kind).decimalValue().movePointLeft(6).multiply(BigDecimal.valueOf(tokens)));
                var cost = kind.startsWith("output")
                        ? price.cost(usage).output()
                        : price.cost(usage).total();
                if (!cost.equals(expected) || !price.guesses(usage).isEmpty()) {
                    wrong.add(id + " " + kind + " " + terms + ": " + cost + ", source " + expected);
                }
            }
        }
        return wrong;
    }

    private List<String> searches(String id, JsonNode perThousand) {
        var cost = catalogue
                .price(id, null, null, NOW)
                .cost(with(only("none", 0), 1_000, Terms.NONE, List.of()))
                .total();
        return perThousand.isMissingNode() || cost.equals(Money.ofUsd(perThousand.decimalValue()))
                ? List.of()
                : List.of(id + " web_search: " + cost);
    }

    /// Tokens of one kind; output comes with as much input, which chooses its row.
    private static Usage only(String kind, long tokens) {
        return new Usage(
                kind.startsWith("cache") ? 0 : tokens,
                kind.equals("cache_read") ? tokens : 0,
                kind.equals("cache_write") || kind.equals("cache_write_5m") ? tokens : 0,
                kind.equals("cache_write_1h") ? tokens : 0,
                kind.startsWith("output") ? tokens : 0,
                0,
                kind.equals("input_audio") ? tokens : 0,
                kind.equals("output_audio") ? tokens : 0,
                0,
                0,
                0,
                Terms.NONE,
                List.of());
    }

    private static Set<String> ids(Iterable<JsonNode> models) {
        var ids = new TreeSet<String>();
        models.forEach(model -> ids.add(model.path("id").asText()));
        return ids;
    }

    /// What is served: by its provider, or, where Anthropic has retired it, by Bedrock.
    private static List<JsonNode> source() throws IOException {
        var models = new ArrayList<JsonNode>();
        for (var model : Shared.json("data/catalogue.json").path("models")) {
            var status = model.path("status").asText();
            if (SERVED.contains(status)
                    || (status.equals("retired-on-anthropic")
                            && !model.path("bedrock").path("runtime").isEmpty())) {
                models.add(model);
            }
        }
        return models;
    }
}
