package com.posthog.aigateway.admit;

import static com.posthog.aigateway.admit.Requests.call;
import static com.posthog.aigateway.admit.Requests.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Caller.MayName;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Window;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.config.BadConfiguration;
import com.posthog.aigateway.config.Faults;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopesTest {

    private static final Catalogue CATALOGUE = Requests.sample();
    private static final String MODEL = "claude-sonnet-5-5";
    private static final Call PLAIN = call(Endpoint.MESSAGES, "{\"model\":\"" + MODEL + "\"}");

    private static final String TOWN = """
            organisations:
              - { id: acme, teams: [dev], budgets: [ { window: month, usd: 1000 } ] }
            teams:
              - id: dev
                products: [chat, code]
                budgets:
                  - { scope: team, window: 24h, usd: 100 }
                  - { scope: product, window: 24h, usd: 50 }
                  - { scope: user, window: 5h, usd: 5, guarantee: strict }
                  - { scope: model, window: day, usd: 20, mode: off }
                limits:
                  - { scope: model, tokens_per_minute: 1000, mode: shadow }
                  - { scope: credential, requests_per_minute: 600, concurrent: 9 }
              - { id: alone, products: [chat], limits: [ { scope: team, concurrent: 1 } ] }
              - { id: strictly, require_user: true }
              - { id: free }
            caps:
              - { scope: model, id: claude-sonnet-5-5, limits: [ { concurrent: 7 } ] }
              - { scope: provider, id: anthropic, budgets: [ { window: day, usd: 900 } ] }
              - { scope: provider, id: openai, limits: [ { concurrent: 0 } ] }
              - { scope: product, id: code, budgets: [ { window: day, usd: 90 } ] }
            """;

    private final Scopes scopes = scopes(TOWN);

    private static Scopes scopes(String text) {
        var faults = new Faults();
        var scopes = Scopes.of(Requests.callers(text), CATALOGUE, faults);
        faults.throwIfAny();
        return scopes;
    }

    private static Caller caller(String team, @Nullable String user, boolean userFromBody, MayName... mayName) {
        return new Caller(
                "key",
                team,
                null,
                user,
                List.of("chat", "code"),
                Set.of(mayName),
                userFromBody,
                Set.of("*"),
                null,
                true,
                Caller.Bounds.NONE);
    }

    private static Labels labels(@Nullable String user, @Nullable String product) {
        return new Labels(user, null, null, product, Map.of());
    }

    private Ask ask(Caller caller, Labels labels) {
        return scopes.ask(caller, PLAIN, labels, route(CATALOGUE, MODEL));
    }

    private static List<String> accounts(Ask ask) {
        return ask.roots().stream()
                .flatMap(root -> root.stakes().stream().map(stake -> root.name() + " > " + stake.account()))
                .toList();
    }

    @Test
    void asksTheOrganisationFirstAndThenWhatCutsAcross() {
        var ask = ask(caller("dev", "ada", false), labels(null, "code"));

        assertThat(accounts(ask))
                .containsExactly(
                        "organisation:acme > organisation:acme",
                        "organisation:acme > team:dev",
                        "organisation:acme > product:dev/code",
                        "organisation:acme > model:dev/claude-sonnet-5-5",
                        "organisation:acme > user:dev/ada",
                        "organisation:acme > credential:key",
                        "product:code > product:code",
                        "provider:anthropic > provider:anthropic",
                        "model:claude-sonnet-5-5 > model:claude-sonnet-5-5");
        assertThat(ask.isStrict()).isTrue();
        assertThat(ask.isBinding()).isTrue();
    }

    @Test
    void asksTheTeamWhereItHasNoOrganisation() {
        assertThat(accounts(ask(caller("alone", "ada", false), Labels.NONE)))
                .containsExactly(
                        "team:alone > team:alone",
                        "provider:anthropic > provider:anthropic",
                        "model:claude-sonnet-5-5 > model:claude-sonnet-5-5");
    }

    @Test
    void leavesOutWhatHasNoLimitAndWhatIsOff() {
        var stakes =
                ask(caller("dev", null, false), Labels.NONE).roots().getFirst().stakes();

        assertThat(accounts(ask(caller("free", null, false), Labels.NONE))).noneMatch(it -> it.contains("free"));
        assertThat(stakes)
                .filteredOn(stake -> stake.account().scope() == Scope.MODEL)
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.caps()).isEmpty();
                    assertThat(it.rates()).containsExactly(new Rate(Rate.Kind.TOKENS, 1000, Mode.SHADOW));
                });
        assertThat(stakes.getLast().rates())
                .containsExactly(
                        new Rate(Rate.Kind.REQUESTS, 600, Mode.ENFORCE),
                        new Rate(Rate.Kind.CONCURRENT, 9, Mode.ENFORCE));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # may name, own user, header, from body, user for limits
            true,  ada, bob, false, bob
            true,  ada, -,   false, ada
            true,  -,   -,   false, -
            true,  -,   bob, true,  bob
            true,  -,   -,   true,  carl
            false, ada, bob, true,  ada
            false, -,   bob, true,  carl
            false, -,   bob, false, -
            """)
    void namesTheUserOnlyAsTheCredentialAllows(
            boolean may, @Nullable String own, @Nullable String header, boolean fromBody, @Nullable String user) {
        var caller = may ? caller("dev", own, fromBody, MayName.USER) : caller("dev", own, fromBody);
        var anthropic = call(Endpoint.MESSAGES, "{\"metadata\":{\"x\":[1],\"user_id\":\"carl\"},\"user\":\"no\"}");
        var openai = call(Endpoint.CHAT_COMPLETIONS, "{\"metadata\":{\"user_id\":\"no\"},\"user\":\"carl\"}");

        for (var call : List.of(anthropic, openai)) {
            var found = accounts(scopes.ask(caller, call, labels(header, null), route(CATALOGUE, MODEL))).stream()
                    .filter(account -> account.contains("user:"))
                    .toList();
            assertThat(found).isEqualTo(user == null ? List.of() : List.of("organisation:acme > user:dev/" + user));
        }
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # may name, in the path, in a header, product
            false, -,    -,    chat
            false, -,    code, code
            false, code, -,    code
            false, -,    toys, chat
            true,  -,    toys, toys
            true,  code, toys, code
            """)
    void namesTheProductOnlyAsTheCredentialAllows(
            boolean may, @Nullable String path, @Nullable String header, String product) {
        var caller = may ? caller("dev", null, false, MayName.PRODUCT) : caller("dev", null, false);
        var call = new Call(PLAIN.id(), PLAIN.at(), PLAIN.endpoint(), path, null, "", PLAIN.headers(), PLAIN.body());

        assertThat(accounts(scopes.ask(caller, call, labels(null, header), route(CATALOGUE, MODEL))))
                .contains("organisation:acme > product:dev/" + product);
    }

    @Test
    void countsALongNameByItsDigest() {
        var ask = ask(caller("dev", null, false, MayName.USER), labels("u".repeat(201), null));

        assertThat(accounts(ask))
                .anySatisfy(account -> assertThat(account).matches("organisation:acme > user:dev/sha256:[0-9a-f]{64}"));
    }

    @Test
    void countsAllUnknownModelsAsOne() {
        var provider = CATALOGUE.providers().getFirst();
        var route = new Route(null, "made-up", List.of(new Target(provider, "made-up", BigDecimal.ONE)));

        assertThat(accounts(scopes.ask(caller("dev", null, false), PLAIN, Labels.NONE, route)))
                .contains("organisation:acme > model:dev/(unknown)")
                .noneMatch(account -> account.contains("made-up"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            true  | true  | send it as the header 'X-PostHog-Distinct-Id' or as the body's 'user' or 'metadata.user_id'
            true  | false | send it as the header 'X-PostHog-Distinct-Id'
            false | true  | send it as the body's 'user' or 'metadata.user_id'
            false | false | credential 'key' may not name one, so have it changed
            """)
    void wantsTheUserWhereTheTeamDoes(boolean may, boolean fromBody, String what) {
        var caller = may ? caller("strictly", null, fromBody, MayName.USER) : caller("strictly", null, fromBody);

        assertThatThrownBy(() -> ask(caller, Labels.NONE)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED);
            assertThat(refusal.what()).isEqualTo("team 'strictly' wants every call to name its user; " + what);
        });
        assertThat(ask(caller("strictly", "ada", false), Labels.NONE)).isNotNull();
        var count = call(Endpoint.COUNT_TOKENS, "{\"model\":\"" + MODEL + "\"}");
        assertThat(scopes.ask(caller, count, Labels.NONE, route(CATALOGUE, MODEL)))
                .isNotNull();
    }

    @Test
    void givesACredentialItsOwnLifetime() {
        var bounds = new Caller.Bounds(Money.parse("3"), null);
        var caller = new Caller("key", "free", null, null, List.of(), Set.of(), false, Set.of("*"), null, true, bounds);

        var stake = ask(caller, Labels.NONE).roots().getFirst().stakes().getFirst();

        assertThat(stake.account()).isEqualTo(new Account(Scope.CREDENTIAL, "key"));
        assertThat(stake.caps()).containsExactly(new Cap(Window.LIFETIME, 3_000_000_000L, Mode.ENFORCE));
        assertThat(stake.strict()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "enforce,strict,enforce,breathing,true,true",
        "shadow,strict,enforce,breathing,false,false",
        "shadow,strict,shadow,breathing,true,false",
        "off,strict,enforce,breathing,false,false",
        "shadow,strict,off,breathing,true,false",
        "enforce,breathing,shadow,strict,false,false",
    })
    void holdsWhatTheBudgetsThatRefuseWant(
            String mode, String guarantee, String otherMode, String other, boolean strict, boolean binding) {
        var town = scopes("""
                teams:
                  - id: dev
                    budgets:
                      - { scope: team, window: 24h, usd: 1, mode: %s, guarantee: %s, at_limit: finish }
                      - { scope: team, window: day, usd: 1, mode: %s, guarantee: %s }
                """.formatted(mode, guarantee, otherMode, other));

        var ask = town.ask(caller("dev", null, false), PLAIN, Labels.NONE, route(CATALOGUE, MODEL));

        assertThat(ask.isStrict()).isEqualTo(strict);
        assertThat(ask.isBinding()).isEqualTo(binding);
        var stake = ask.roots().getFirst().stakes().getFirst();
        assertThat(stake.finishing()).isEqualTo(mode.equals("off") ? Set.of() : Set.of(Window.TWENTY_FOUR_HOURS));
        assertThat(stake.claim(new Amounts(1, 2, 3)).nanos()).isEqualTo(strict ? 2 : 1);
    }

    @Test
    void obeysOperatorsWhileItRuns() {
        var overrides = new Overrides() {
            @Override
            public OptionalLong limit(Account account, String what) {
                return (account.id().equals("dev") && what.equals("24h")) || what.equals("concurrent")
                        ? OptionalLong.of(42)
                        : OptionalLong.empty();
            }

            @Override
            public long refilled(Account account, Window window) {
                return account.id().equals("dev") ? 8 : 0;
            }
        };

        var ask = scopes.with(overrides).ask(caller("dev", null, false), PLAIN, Labels.NONE, route(CATALOGUE, MODEL));

        var stakes = ask.roots().getFirst().stakes();
        assertThat(stakes.get(1).caps()).containsExactly(new Cap(Window.TWENTY_FOUR_HOURS, 50, Mode.ENFORCE));
        assertThat(stakes.getLast().rates()).contains(new Rate(Rate.Kind.CONCURRENT, 42, Mode.ENFORCE));
    }

    @Test
    void showsACallerAllItsProducts() {
        var standing = scopes.standing(caller("dev", "ada", false), Labels.NONE);

        assertThat(accounts(standing))
                .containsExactly(
                        "organisation:acme > organisation:acme",
                        "organisation:acme > team:dev",
                        "organisation:acme > product:dev/chat",
                        "organisation:acme > product:dev/code",
                        "organisation:acme > user:dev/ada",
                        "organisation:acme > credential:key",
                        "product:code > product:code");
    }

    @ParameterizedTest
    @CsvSource({"model,claude-sonet", "provider,anthropics"})
    void refusesACapOnWhatTheCatalogueDoesNotKnow(String scope, String id) {
        assertThatThrownBy(() -> scopes("caps: [ { scope: " + scope + ", id: " + id + " } ]"))
                .isInstanceOfSatisfying(
                        BadConfiguration.class,
                        bad -> assertThat(bad.faults())
                                .singleElement()
                                .asString()
                                .endsWith(":1: the cap on " + scope + " '" + id + "' names an unknown " + scope
                                        + "; 'id' must be one of the catalogue's ids"));
    }
}
