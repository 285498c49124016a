package com.posthog.aigateway.resolve;

import static com.posthog.aigateway.resolve.Asking.call;
import static com.posthog.aigateway.resolve.Asking.caller;
import static com.posthog.aigateway.resolve.Asking.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.catalogue.Model;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.config.GatewaySettings.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResolverTest {

    private static final String CATALOGUE = """
            providers:
              house: { family: openai, url: "http://127.0.0.1:1", key: k }
              second: { family: openai, url: "http://127.0.0.1:4", key: k }
              closed: { family: openai, url: "http://127.0.0.1:2", key: "" }
              quiet: { family: anthropic, url: "http://127.0.0.1:3" }
            models:
              - { id: fast, status: active, shapes: [openai-chat], aliases: [quick, fast-2026-01-02], limits: { context: 9, output: 9 },
                  long_context_beta: long-1,
                  prices: [ { from: 2026-01-01, input: 1, output: 1 } ],
                  targets: [ { provider: closed, model: x }, { provider: house, model: fast-at-house } ] }
              - { id: both, status: active, shapes: [openai-chat], limits: { context: 9, output: 9 },
                  prices: [ { from: 2026-01-01, input: 1, output: 1 } ],
                  targets: [ { provider: house, model: both-here }, { provider: second, model: both-there } ] }
              - { id: shut, status: active, shapes: [openai-chat], limits: { context: 9, output: 9 },
                  prices: [ { from: 2026-01-01, input: 1, output: 1 } ], targets: [ { provider: closed, model: shut } ] }
              - { id: poet, status: active, shapes: [anthropic-messages], limits: { context: 9, output: 9 },
                  prices: [ { from: 2026-01-01, input: 1, output: 1 } ], targets: [ { provider: quiet, model: poet } ] }
            """;

    private final Resolver forwards = resolver(Policy.FORWARD);
    private final Resolver refuses = resolver(Policy.REFUSE);

    private static Resolver resolver(Policy policy) {
        return new Resolver(Asking.catalogue(CATALOGUE), policy);
    }

    private static void assertRefused(Reason reason, String what, Runnable asking) {
        assertThatThrownBy(asking::run).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal.what()).contains(what);
        });
    }

    @ParameterizedTest
    @CsvSource({"fast,fast-at-house", "quick,fast-at-house", "fast-2026-01-02,fast-2026-01-02"})
    void findsAModelByIdAndAlias(String named, String sent) {
        var route = forwards.route(chat(named), caller("fast"));

        assertThat(route).extracting(Route::model).extracting(Model::id).isEqualTo("fast");
        assertThat(route.named()).isEqualTo(named);
        assertThat(route.targets())
                .singleElement()
                .satisfies(target -> assertThat(target.provider().id()).isEqualTo("house"));
        assertThat(route.modelAt(route.primary())).isEqualTo(sent);
    }

    @Test
    void forwardsAnUnknownModelUnchanged() {
        var route = forwards.route(chat("Fast-pro"), caller("*"));

        assertThat(route.model()).isNull();
        assertThat(route.modelAt(route.primary())).isEqualTo("Fast-pro");
        assertThat(route.primary().provider().id()).isEqualTo("house");
        assertThat(route.mayReason()).isTrue();
    }

    @Test
    void refusesAnUnknownModelByPolicy() {
        assertRefused(Reason.NOT_FOUND, "model 'gtp' is unknown here", () -> refuses.route(chat("gtp"), caller("*")));
    }

    @Test
    void refusesAnUnknownModelToANarrowCredential() {
        assertRefused(
                Reason.NOT_ALLOWED,
                "credential 'cred' may not use model 'gtp'",
                () -> forwards.route(chat("gtp"), caller("fast")));
    }

    @Test
    void refusesAModelThatIsNotAllowedWhateverItsName() {
        assertRefused(
                Reason.NOT_ALLOWED,
                "credential 'cred' may not use model 'fast'",
                () -> forwards.route(chat("quick"), caller("shut", "quick")));
    }

    @Test
    void refusesAModelOfTheOtherFamily() {
        assertRefused(
                Reason.MALFORMED,
                "model 'poet' does not speak openai-chat; it speaks [anthropic-messages]",
                () -> forwards.route(chat("poet"), caller("*")));
    }

    @Test
    void refusesAModelThatNobodyCanServe() {
        assertRefused(
                Reason.PROVIDER_NOT_CONFIGURED,
                "no provider of model 'shut' has a key",
                () -> forwards.route(chat("shut"), caller("*")));
        assertRefused(
                Reason.PROVIDER_NOT_CONFIGURED,
                "no provider of model 'new' has a key",
                () -> forwards.route(call(Endpoint.MESSAGES, "{\"model\":\"new\"}"), caller("*")));
    }

    @Test
    void forwardsAResponsesCallWithoutAModel() {
        var route = forwards.route(call(Endpoint.RESPONSES, "{\"prompt\":{\"id\":\"p\"}}"), caller("*"));

        assertThat(route.named()).isNull();
        assertThat(route.modelAt(route.primary())).isNull();
    }

    @Test
    void refusesAnyOtherCallWithoutAModel() {
        assertRefused(
                Reason.MALFORMED,
                "the body must name a model",
                () -> forwards.route(call(Endpoint.CHAT_COMPLETIONS, "{}"), caller("*")));
        assertRefused(
                Reason.MALFORMED,
                "the body must name a model",
                () -> forwards.route(call(Endpoint.RESPONSES, "{\"model\":5}"), caller("*")));
    }

    @Test
    void asksForTheBetaThatTheNameWantsAndTheModelNeeds() {
        assertThat(forwards.route(chat("fast[1m]"), caller("*")).beta()).isEqualTo("long-1");
        assertThat(forwards.route(chat("fast"), caller("*")).beta()).isNull();
        assertThat(forwards.route(chat("both[1m]"), caller("*")).beta()).isNull();
    }

    @Test
    void allowsAModelHoweverItIsSpelled() {
        var route = forwards.route(chat("OpenAI/Fast-2031-01-01"), caller("fast"));

        assertThat(route.named()).isEqualTo("OpenAI/Fast-2031-01-01");
        assertThat(route.modelAt(route.primary())).isEqualTo("fast-2031-01-01");
        assertRefused(
                Reason.NOT_ALLOWED,
                "may not use model 'fast'",
                () -> forwards.route(chat("openai/FAST"), caller("both")));
    }

    @Test
    void servesAKnownModelUnderAnySpellingWhereUnknownOnesAreRefused() {
        assertThat(refuses.route(chat("openai/FAST"), caller("*")).model()).isNotNull();
        assertRefused(Reason.NOT_FOUND, "'openai/FAST-pro'", () -> refuses.route(chat("openai/FAST-pro"), caller("*")));
    }

    @Test
    void repeatsNoNameWithoutEnd() {
        var name = "x".repeat(100_000);

        assertThatThrownBy(() -> refuses.route(chat(name), caller("*")))
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.what()).hasSizeLessThan(200));
    }

    @ParameterizedTest
    @CsvSource({"house, both-here", "second, both-there"})
    void servesByThePinnedProviderAlone(String provider, String sent) {
        var route = forwards.route(chat("both", "x-posthog-provider", provider), caller("*"));

        assertThat(route.targets()).singleElement().satisfies(target -> {
            assertThat(target.provider().id()).isEqualTo(provider);
            assertThat(target.model()).isEqualTo(sent);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fast | bedrok | X-PostHog-Provider names 'bedrok', which is no provider here;"
                        + " known are house, second, closed, quiet",
                "fast | '' | X-PostHog-Provider names '', which is no provider here",
                "fast | House | X-PostHog-Provider names 'House', which is no provider here",
                "fast | second | X-PostHog-Provider names 'second', which does not serve model 'fast' here;"
                        + " name one that does (closed, house), or leave the header out",
                "fast | quiet | 'quiet', which does not serve model 'fast' here",
                "new | second | 'second', which does not serve model 'new' here; name one that does (house)",
                "fast-2031-01-01 | closed | 'closed', which does not serve model 'fast' here;"
                        + " name one that does (house)",
            })
    void refusesAPinThatCannotBeKept(String model, String provider, String what) {
        assertRefused(
                Reason.MALFORMED, what, () -> forwards.route(chat(model, "X-PostHog-Provider", provider), caller("*")));
    }

    @Test
    void keepsThePinWhereNoModelIsNamed() {
        var call = call(Endpoint.RESPONSES, "{}", "X-PostHog-Provider", "second");

        assertRefused(Reason.MALFORMED, "does not serve model '(none)'", () -> forwards.route(call, caller("*")));
    }

    @Test
    void refusesAPinOnAProviderWithoutAKey() {
        assertRefused(
                Reason.PROVIDER_NOT_CONFIGURED,
                "no provider of model 'fast' has a key",
                () -> forwards.route(chat("fast", "X-PostHog-Provider", "closed"), caller("*")));
    }

    @Test
    void refusesTwoPinsThatDiffer() {
        var name = "X-PostHog-Provider";

        assertThat(forwards.route(chat("both", name, "second", name, "second"), caller("*"))
                        .targets())
                .hasSize(1);
        assertRefused(
                Reason.MALFORMED,
                "X-PostHog-Provider stands twice, with different values; send it once",
                () -> forwards.route(chat("both", name, "house", name, "second"), caller("*")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "True", "TRUE", "1", " true", "true,true"})
    void refusesABedrockFallbackThatIsNeitherTrueNorFalse(String value) {
        assertRefused(
                Reason.MALFORMED,
                "X-PostHog-Use-Bedrock-Fallback must be true or false: '" + value + "'",
                () -> forwards.route(chat("fast", "X-PostHog-Use-Bedrock-Fallback", value), caller("*")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void takesABedrockFallbackThatIsTrueOrFalse(String value) {
        assertThat(forwards.route(chat("fast", "x-posthog-use-bedrock-fallback", value), caller("*"))
                        .targets())
                .hasSize(1);
    }
}
