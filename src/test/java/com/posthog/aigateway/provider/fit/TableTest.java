package com.posthog.aigateway.provider.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.call.Endpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

    private static Row row(@Nullable String is) {
        return new Row(is, null, List.of(), List.of(), List.of(), null, null, null, Map.of());
    }

    private static Table table(Map<String, Row> endpoints, Map<String, Map<String, Row>> forms) {
        return new Table(endpoints, Set.of(), List.of(), Map.of(), Map.of(), forms);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fit/anthropic.yaml", "fit/openai.yaml"})
    void namesEndpointsThatThereAre(String resource) {
        assertThat(Table.read(resource).endpoints().keySet())
                .isNotEmpty()
                .isSubsetOf(Arrays.stream(Endpoint.values()).map(Enum::name).toList());
    }

    @Test
    void refusesAFormThatIsNotThere() {
        assertThatThrownBy(() -> table(Map.of("MESSAGES", row("nowhere")), Map.of()))
                .hasMessage("no form is 'nowhere'");
    }

    @Test
    void refusesAFormThatNothingIs() {
        assertThatThrownBy(() -> table(Map.of(), Map.of("lost", Map.of()))).hasMessage("nothing is 'lost'");
    }

    @ParameterizedTest
    @CsvSource({
        "mantle, MANTLE, 5, 5, true",
        "bedrock, MANTLE, 5, 5, true",
        "bedrock, ANTHROPIC, 5, 5, false",
        "away, ANTHROPIC, 5, 5, true",
        "hosted, AZURE_DEPLOYMENT, 0, 0, true",
        "hosted, OPENAI, 0, 0, false",
        "azure, OPENAI_ON_BEDROCK, 0, 0, false",
        "bedrock before 4.7, BEDROCK_INVOKE, 4, 6, true",
        "bedrock before 4.7, BEDROCK_INVOKE, 4, 7, false",
        "bedrock before 4.7, BEDROCK_INVOKE, 5, 0, false",
        "bedrock before 4.7, BEDROCK_INVOKE, 0, 0, true"
    })
    void knowsWhereARuleHolds(String where, TargetKind kind, int major, int minor, boolean holds) {
        assertThat(Where.parse(where).holds(new Place(kind, new Generation(major, minor), false)))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bedrok", "mantle before", "mantle before 4", "mantle before new"})
    void refusesAPlaceThatThereIsNot(String where) {
        assertThatThrownBy(() -> Where.parse(where)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-5-5, 5.5",
        "claude-opus-5, 5.0",
        "claude-sonnet-4-5-20250929, 4.5",
        "claude-sonnet-4-20250514, 4.0",
        "claude-fable-5-2, 5.2",
        "gpt-5.6-sol, 0.0",
        "claude-3-5-sonnet-20241022, 0.0"
    })
    void readsAModelsGenerationFromItsId(String model, String generation) {
        assertThat(Generation.of(model)).isEqualTo(Generation.parse(generation));
    }
}
