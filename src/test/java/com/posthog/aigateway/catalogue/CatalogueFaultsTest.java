package com.posthog.aigateway.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.posthog.aigateway.config.BadConfiguration;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueFaultsTest {

    private static final String GOOD_ROW = "{ from: 2026-01-01, input: 2, output: 10 }";
    private static final String GOOD_TARGET = "{ provider: main, model: one }";

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ from: 2026-01-01, input: -2, output: 10 } | 9 | 'input' must not be negative: -2",
                "{ from: 2026-01-01, input: 2, output: 10, web_search: -1 } | 9 | 'web_search' must not be negative: -1",
                "{ from: 2026-01-01, input: 2 } | 9 | the key 'output' is missing",
                "{ from: 2026-13-01, input: 2, output: 10 } | 9 | 'from' must be a date such as 2026-10-07: '2026-13-01'",
                "{ from: 2026-01-01, input: 2, output: 10, cached: 1 } | 9 | unknown key 'cached' in 'prices'",
                "{ from: 2026-01-01, input: 2, output: 10, above: [ { prompt: 200, input: 3, output: 11 },"
                        + " { prompt: 100, input: 4, output: 12 } ] }"
                        + " | 9 | 'above' must rise from one 'prompt' to the next: 200, then 100",
                "{ from: 2026-01-01, input: 2, output: 10, above: [ { prompt: 0, input: 3, output: 11 } ] }"
                        + " | 9 | 'prompt' must be above zero: 0",
                "{ from: 2026-01-01, input: 2, output: 10, tiers: { flex: { times: 0 } } }"
                        + " | 9 | 'times' must be above zero: 0",
                "{ from: 2026-01-01, input: 2, output: 10, tiers: { flex: { times: 1, input: 1 } } }"
                        + " | 9 | a tier says either 'times' or rates of its own",
                "{ from: 2026-01-01, input: 2, output: 10, tiers: { flex: {} } }"
                        + " | 9 | a tier says either 'times' or rates of its own",
                "{ from: 2026-01-01, input: 2, output: 10, us: { times: -1 } } | 9 | 'times' must be above zero: -1",
                "'' | 4 | model 'one' has no price row; nothing is sold unpriced",
                "{ from: 2026-01-01, input: 2, output: 10 }, { from: 2026-01-01, input: 3, output: 10 }"
                        + " | 4 | model 'one' has two price rows from 2026-01-01; keep one",
            })
    void namesTheLineOfABadPrice(String rows, int line, String rule) {
        assertThat(faults(file(rows, GOOD_TARGET, "[]")))
                .singleElement()
                .asString()
                .contains("providers.yaml:" + line + ": " + rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[openai-chat, anthropic-messages] | must name shapes of one family",
                "[] | must name shapes of one family",
                "[openai-smoke-signals] | must be one of openai-chat, openai-responses",
            })
    void namesTheLineOfBadShapes(String shapes, String rule) {
        var text = file(GOOD_ROW, GOOD_TARGET, "[]").replace("[openai-chat]", shapes);

        assertThat(faults(text))
                .singleElement()
                .asString()
                .matches("(?s).*providers\\.yaml:[46]: .*")
                .contains(rule);
    }

    @Test
    void namesTheLineOfBadLimits() {
        var text = file(GOOD_ROW, GOOD_TARGET, "[]").replace("context: 1000", "context: 0");

        assertThat(faults(text))
                .singleElement()
                .asString()
                .contains("providers.yaml:7: 'limits.context' must be from 1 to 1000000000000: 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "family: openai, wire: pigeon | 'wire' must be one of native, azure, azure-deployment, bedrock-messages,",
                "family: openai | the key 'url' is missing",
                "family: openai, wire: bedrock-invoke | the wire 'bedrock-invoke' does not speak openai",
                "family: openai, wire: bedrock-messages | the wire 'bedrock-messages' does not speak openai",
                "family: anthropic, wire: azure | the wire 'azure' does not speak anthropic",
                "family: openai, wire: azure-deployment | the wire 'azure-deployment' needs an 'api_version'",
                "family: openai, url: 'http://a.test', api_version: x | 'api_version' is for the wires azure and",
                "family: openai, wire: azure, verified: true | 'verified' is for the wire bedrock-messages",
                "family: openai, url: 'http://a.test', key: a, auth: { key: b } | 'key' is short for 'auth: { key }'",
                "family: openai, url: 'http://a.test', auth: { password: b } | unknown key 'password' in 'auth'; known are"
                        + " key, bearer, entra, aws",
                "family: openai, url: 'http://a.test', auth: { aws: { region: 'a.b/c' } } | 'region' must be one of AWS,",
                "family: openai, url: 'http://a.test', auth: { aws: { zone: x } } | unknown key 'zone' in 'aws'",
                "family: openai, url: 'http://a.test', auth: { entra: { secret: x } } | unknown key 'secret' in 'entra'",
            })
    void namesTheLineOfABadProvider(String provider, String rule) {
        var text = file(GOOD_ROW, GOOD_TARGET, "[]")
                .replace("{ family: openai, url: \"https://main.example\" }", "{ " + provider + " }");

        assertThat(faults(text)).first().asString().contains("providers.yaml:2: " + rule);
    }

    @Test
    void namesAnUnknownProvider() {
        assertThat(faults(file(GOOD_ROW, "{ provider: nobody, model: one }", "[]")))
                .singleElement()
                .asString()
                .contains("providers.yaml: model 'one' names the unknown provider 'nobody'; known are main");
    }

    @Test
    void namesAProviderThatDoesNotSpeakTheShape() {
        var text = file(GOOD_ROW, GOOD_TARGET, "[]").replace("[openai-chat]", "[anthropic-messages]");

        assertThat(faults(text))
                .singleElement()
                .asString()
                .contains(
                        "providers.yaml: model 'one' has shapes [anthropic-messages], which provider 'main' does not");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[two] | the alias 'two' of model 'one' is the id of a model; drop it",
                "[one] | the alias 'one' of model 'one' is the id of a model; drop it",
                "[same] | the alias 'same' of model 'two' is also one of model 'one'; aliases must differ",
            })
    void namesAliasesThatClash(String aliases, String rule) {
        var text = file(GOOD_ROW, GOOD_TARGET, aliases) + """
                  - id: two
                    status: active
                    shapes: [openai-chat]
                    aliases: [same]
                    limits: { context: 1000 }
                    prices: [ { from: 2026-01-01, input: 2, output: 10 } ]
                """;

        assertThat(faults(text)).singleElement().asString().contains("providers.yaml: " + rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ names: [big], models: [one, three] } | the line [big] names the model 'three', which is not the id of one",
                "{ names: [one], models: [one] } | the line [one] has the name 'one', which is taken; drop it",
                "{ names: [same], models: [one] } | the line [same] has the name 'same', which is taken; drop it",
                "{ names: [big, big], models: [one] } | the line [big, big] has the name 'big', which is taken; drop it",
                "{ names: [big], models: [one, two] } | the line [big] has models of two families: [one, two]",
            })
    void namesTheFaultOfALine(String line, String rule) {
        var text = file(GOOD_ROW, GOOD_TARGET, "[]") + """
                  - id: two
                    status: active
                    shapes: [anthropic-messages]
                    aliases: [same]
                    limits: { context: 1000 }
                    prices: [ { from: 2026-01-01, input: 2, output: 10 } ]
                lines: [ %s ]
                """.formatted(line);

        assertThat(faults(text)).singleElement().asString().contains("providers.yaml: " + rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ names: [], models: [one] }", "{ names: [big] }"})
    void namesALineThatSaysNothing(String line) {
        var text = file(GOOD_ROW, GOOD_TARGET, "[]") + "lines: [ " + line + " ]\n";

        assertThat(faults(text)).singleElement().asString().contains("a line needs 'names' and 'models'");
    }

    @Test
    void tellsAllFaultsAtOnce() {
        var text = file(
                "{ from: 2026-01-01, input: -2, output: 10 }, { from: never, input: 2, output: 10 }",
                "{ provider: main }",
                "[]");

        assertThat(faults(text)).hasSize(3).allMatch(fault -> fault.contains("providers.yaml:"));
    }

    private List<String> faults(String text) {
        var bad = catchThrowableOfType(
                BadConfiguration.class, () -> Catalogues.of(folder.resolve("providers.yaml"), text));
        return bad.faults();
    }

    private static String file(String prices, String target, String aliases) {
        return """
                providers:
                  main: { family: openai, url: "https://main.example" }
                models:
                  - id: one
                    status: active
                    shapes: [openai-chat]
                    limits: { context: 1000, output: 100 }
                    prices: [
                      %s ]
                    aliases: %s
                    targets: [ %s ]
                """.formatted(prices, aliases, target);
    }
}
