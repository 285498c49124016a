package com.posthog.aigateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Window;
import com.posthog.aigateway.config.CallerSettings.AtLimit;
import com.posthog.aigateway.config.CallerSettings.Guarantee;
import com.posthog.aigateway.config.CallerSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerFaultsTest {

    @TempDir
    Path folder;

    private final Faults faults = new Faults();

    private @Nullable CallerSettings read(String text) throws IOException {
        var file = folder.resolve("callers.yaml");
        Files.writeString(file, text);
        var settings = new YamlFile(new Environment(Map.of()), faults).read(file, CallerSettings.class);
        if (settings != null) {
            settings.check(faults);
        }
        return settings;
    }

    private List<String> faults() {
        try {
            faults.throwIfAny();
            return List.of();
        } catch (BadConfiguration bad) {
            return bad.faults().stream()
                    .map(line -> line.replace(folder + "/", ""))
                    .toList();
        }
    }

    private static String team(String line) {
        return "teams:\n  - id: dev\n    products: [chat]\n    " + line + "\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limits: [ { scope: team, requests_per_minute: 0 } ]",
                "limits: [ { scope: team, concurrent: 0 }, { scope: user, concurrent: 0 } ]",
                "limits: [ { scope: team, requests_per_minute: 1, tokens_per_minute: 60000000000, concurrent: 3 } ]",
                "budgets: [ { scope: team, window: 24h, usd: 0 }, { scope: team, window: day, usd: 0.000000001 } ]",
                "budgets: [ { scope: user, window: 5h, usd: 1.000000000000 }, { scope: model, window: 5h, usd: 1e3 } ]",
                "require_user: true",
                "max_call_usd: 0.5",
                "runaway: { same_body: { times: 1, within: 1h }, spend: { times_baseline: 2 }, cool_down: 1s }",
                "runaway: { mode: off }",
            })
    void takes(String line) throws Exception {
        assertThat(read(team(line))).isNotNull();

        assertThat(faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            limits: [ { scope: team, requests_per_minute: -1 } ]  | 'requests_per_minute' must not be negative: -1
            limits: [ { scope: team, tokens_per_minute: -5 } ]    | 'tokens_per_minute' must not be negative: -5
            limits: [ { scope: team, concurrent: -2 } ]           | 'concurrent' must not be negative: -2
            limits: [ { scope: team, tokens_per_minute: 60000000001 } ] | 'tokens_per_minute' must not be above 60000000000, one for each nanosecond: 60000000001
            limits: [ { scope: team, requests_per_minute: 1.5 } ] | 'requests_per_minute' must be a whole number: '1.5'
            limits: [ { scope: team } ]                           | a limit needs 'requests_per_minute', 'tokens_per_minute' or 'concurrent'
            limits: [ { concurrent: 1 } ]                         | the key 'scope' is missing; it must be one of team, product, user, credential, model
            limits: [ { scope: planet, concurrent: 1 } ]          | 'scope' must be one of organisation, team, product, user, credential, model, provider: 'planet'
            limits: [ { scope: provider, concurrent: 1 } ]        | a limit of scope 'provider' cannot stand on team 'dev'; 'scope' must be one of team, product, user, credential, model
            limits: [ { scope: team, concurrent: 1, mode: soft } ] | 'mode' must be one of enforce, shadow, off: 'soft'
            limits: [ { scope: team, concurrent: 1 }, { scope: team, concurrent: 2, requests_per_minute: 1 } ] | team 'dev' has two limits 'concurrent' for scope 'team'; keep one
            budgets: [ { scope: team, window: 24h, usd: -1 } ]    | 'usd' must not be negative: -1
            budgets: [ { scope: team, window: 24h, usd: 0.0000000001 } ] | 'usd' must not have more than 9 decimals: 0.0000000001
            budgets: [ { scope: team, window: 24h, usd: 1000000001 } ] | 'usd' must not be above 1000000000: 1000000001
            budgets: [ { scope: team, window: 1h, usd: 1 } ]      | 'window' must be one of 5h, 24h, 30d, day, month, lifetime: '1h'
            budgets: [ { scope: organisation, window: day, usd: 1 } ] | a budget of scope 'organisation' cannot stand on team 'dev'; 'scope' must be one of team, product, user, credential, model
            budgets: [ { scope: team, window: day, usd: 1, guarantee: hard } ] | 'guarantee' must be one of breathing, strict: 'hard'
            budgets: [ { scope: team, window: day, usd: 1, at_limit: stop } ] | 'at_limit' must be one of cut, finish: 'stop'
            runaway: { same_body: { times: 0 } }                  | 'times' must be between 1 and 1000000: 0
            runaway: { same_body: { within: 2h } }                | 'within' must be between 1s and 3600s: 7200s
            runaway: { spend: { usd_per_minute: -1 } }            | 'usd_per_minute' must not be negative: -1
            runaway: { spend: { times_baseline: 1 } }             | 'times_baseline' must be between 2 and 1000000: 1
            runaway: { cool_down: 500ms }                         | 'cool_down' must be between 1s and 1d: 500ms
            runaway: { mode: loud }                               | 'mode' must be one of enforce, shadow, off: 'loud'
            runaway: { pace: 3 }                                  | unknown key 'pace' in 'runaway'; known are same_body, spend, cool_down, mode
            budgets: [ { scope: team, window: day, usd: 1 }, { scope: team, window: day, usd: 2, mode: shadow } ] | team 'dev' has two budgets with the window day for scope 'team'; keep one
            """)
    void refusesOfATeam(String line, String rule) throws Exception {
        read(team(line));

        assertThat(faults()).containsExactly("callers.yaml:4: " + rule);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            organisations: [ { id: acme, teams: [ghost] } ] | organisation 'acme' names the unknown team 'ghost'
            organisations: [ { id: acme, teams: [dev] }, { id: other, teams: [dev] } ] | organisation 'other' names the team 'dev', which organisation 'acme' has already; a team is in one
            organisations: [ { id: acme, limits: [ { scope: team, concurrent: 1 } ] } ] | a limit of scope 'team' cannot stand on organisation 'acme'; 'scope' must be one of organisation
            caps: [ { scope: team, id: dev, limits: [] } ]  | the cap on team 'dev' does not cut across teams; 'scope' must be one of product, model, provider, others stand on a team or an organisation
            caps: [ { scope: product, id: toys } ]          | the cap on product 'toys' names an unknown product; no team and no credential lists it
            caps: [ { scope: product, id: chat }, { scope: product, id: chat } ] | the cap on product 'chat' stands twice; keep one
            caps: [ { scope: model, id: m, limits: [ { scope: product, concurrent: 1 } ] } ] | a limit of scope 'product' cannot stand on the cap on model 'm'; 'scope' must be one of model
            caps: [ { scope: model, id: m, budgets: [ { window: day, usd: 1 }, { scope: model, window: day, usd: 2 } ] } ] | the cap on model 'm' has two budgets with the window day for scope 'model'; keep one
            credentials: [ { id: key, team: ghost } ]       | credential 'key' names the unknown team 'ghost'
            """)
    void refusesWhatDoesNotFit(String line, String rule) throws Exception {
        read("teams: [ { id: dev, products: [chat] } ]\n# one of\n" + line + "\n");

        assertThat(faults()).containsExactly("callers.yaml:3: " + rule);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            credentials: [ { id: key, team: dev, cap_usd: -1 } ]       | 'cap_usd' must not be negative: -1
            credentials: [ { id: key, team: dev, max_call_usd: -1 } ]  | 'max_call_usd' must not be negative: -1
            credentials: [ { id: key, team: dev, cap_usd: 0.0000000001 } ] | 'cap_usd' must not have more than 9 decimals: 0.0000000001
            teams: [ { id: a/b } ]                                     | the id of team 'a/b' must not contain '/'
            """)
    void refusesByItself(String line, String rule) throws Exception {
        read("# one of\n" + line + "\n");

        assertThat(faults()).containsExactly("callers.yaml:2: " + rule);
    }

    @Test
    void fillsInTheDefaults() throws Exception {
        var settings = Objects.requireNonNull(read("""
                teams: [ { id: dev, products: [openai], budgets: [ { scope: team, window: 24h, usd: 100 } ] } ]
                caps:
                  - { scope: provider, id: openai, budgets: [ { window: month, usd: 1000 } ] }
                  - { scope: product, id: openai, limits: [ { concurrent: 3 } ] }
                """));

        assertThat(faults()).isEmpty();
        var budget = settings.teams().getFirst().budgets().getFirst();
        assertThat(budget.at().line()).isOne();
        assertThat(budget.scope()).isEqualTo(Scope.TEAM);
        assertThat(budget.window()).isEqualTo(Window.TWENTY_FOUR_HOURS);
        assertThat(budget.mode()).isEqualTo(Mode.ENFORCE);
        assertThat(budget.guarantee()).isEqualTo(Guarantee.BREATHING);
        assertThat(budget.atLimit()).isEqualTo(AtLimit.CUT);
        assertThat(settings.caps()).extracting(CallerSettings.Across::name).containsExactly("openai", "openai");
    }
}
