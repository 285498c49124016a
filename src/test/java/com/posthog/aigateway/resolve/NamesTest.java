package com.posthog.aigateway.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the sample does not have: names that two models share, models that are only known by a day, two places.
class NamesTest {

    private static final String REST = "shapes: [anthropic-messages], limits: { context: 9, output: 9 },"
            + " prices: [ { from: 2026-01-01, input: 1, output: 1 } ]";

    private final Names names = new Names(Asking.catalogue("""
            providers:
              home: { family: anthropic, url: "http://127.0.0.1:1", key: k }
              cloud: { family: anthropic, url: "http://127.0.0.1:2", key: k }
            lines:
              - { names: [poet], models: [poet-3, poet-2, poet-1] }
              - { names: [Bard.Line], models: [twin.a] }
            models:
              - { id: poet-3, status: deprecated, %1$s }
              - { id: poet-2, status: active, aliases: [poet-2-20250101, poet-2-20250601], %1$s,
                  targets: [ { provider: home, model: poet-2 }, { provider: cloud, model: c.poet-2 } ] }
              - { id: poet-1, status: active, %1$s }
              - { id: twin.a, status: legacy, %1$s }
              - { id: twin-a, status: active, %1$s }
              - { id: Loud, status: active, %1$s }
              - { id: LOUD, status: active, %1$s }
              - { id: Shy, status: active, aliases: [shy], %1$s }
              - { id: diary-20250101, status: active, %1$s }
              - { id: diary-20250601, status: active, aliases: [diary-2025-03-01], %1$s }
              - { id: "Ärger", status: active, %1$s }
            """.formatted(REST)));

    private Optional<String> model(String spelling) {
        return names.meaning(spelling).map(meaning -> meaning.model().id());
    }

    @ParameterizedTest
    @CsvSource({
        "twin.a, twin.a",
        "twin-a, twin-a",
        "Twin.A, twin.a",
        "TWIN-A, twin-a",
        "Loud, Loud",
        "LOUD, LOUD",
        "SHY, Shy",
        "Ärger, Ärger",
        // the newest active one of its line
        "poet, poet-2",
        "POET-latest, poet-2",
        // without a day: the newest day
        "diary, diary-20250601",
        "x/diary, none",
        "anthropic/diary-latest, diary-20250601",
        "diary-2025-03-01, diary-20250601",
        "diary-20250102, none",
    })
    void findsAWholeName(String spelling, String id) {
        assertThat(model(spelling)).isEqualTo(id.equals("none") ? Optional.empty() : Optional.of(id));
    }

    @ParameterizedTest
    @CsvSource({
        // written so, it could be either
        "loud",
        "twin.A.",
        // no model of the line is active
        "bard.line",
        "bard-line-latest",
        "ärger",
        "po",
        "poet-",
        "poet-4"
    })
    void doesNotGuess(String spelling) {
        assertThat(model(spelling)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "poet-2, poet-2, c.poet-2",
        "anthropic/poet-2, poet-2, c.poet-2",
        "poet-2-20250101, poet-2-20250101, c.poet-2",
        "us.anthropic.poet-2-20250601-v1:0, poet-2-20250601, c.poet-2",
        "poet, poet-2, c.poet-2",
    })
    void namesASnapshotOnlyToTheModelsOwnProvider(String spelling, String atHome, String inTheCloud) {
        assertThat(targets(spelling)).extracting(Target::model).containsExactly(atHome, inTheCloud);
    }

    @Test
    void sendsAnUnknownSnapshotToTheModelsOwnProviderAlone() {
        assertThat(targets("poet-2-20251231")).singleElement().satisfies(target -> {
            assertThat(target.provider().id()).isEqualTo("home");
            assertThat(target.model()).isEqualTo("poet-2-20251231");
        });
    }

    private List<Target> targets(String spelling) {
        var meaning = names.meaning(spelling).orElseThrow();
        return meaning.targets(names.meaning("poet-2")
                .orElseThrow()
                .model()
                .targets()
                .getFirst()
                .provider());
    }

    /// Every id on Bedrock and in Azure, and every other name, of what we sell.
    @Test
    void knowsEveryNameThatTheSourceGathered() throws IOException {
        var sample = Asking.sample();
        var ours = new Names(sample);
        var strange = new TreeSet<String>();
        int count = 0;
        for (var source : Shared.json("data/catalogue.json").path("models")) {
            var id = source.path("id").asText();
            if (sample.find(id).isEmpty()) {
                continue;
            }
            var spellings = new TreeSet<>(source.path("bedrock").findValuesAsText("model_id"));
            spellings.addAll(source.path("bedrock").findValuesAsText("mantle_model_id"));
            spellings.add(source.path("foundry_deployment").asText());
            spellings.add(source.path("azure_deployment").asText());
            spellings.remove("null");
            spellings.remove("");
            count += spellings.size();
            spellings.removeIf(spelling -> ours.meaning(spelling)
                    .filter(meaning -> meaning.model().id().equals(id))
                    .isPresent());
            strange.addAll(spellings);
        }
        assertThat(strange).isEmpty();
        assertThat(count).isGreaterThan(100);
    }
}
