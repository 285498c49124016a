package com.posthog.aigateway.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Model;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.Faults;
import com.posthog.aigateway.config.GatewaySettings.Ceiling;
import com.posthog.aigateway.config.GatewaySettings.Policy;
import com.posthog.aigateway.config.YamlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolverTest {

    private static final String CATALOGUE = """
            providers:
              house: { family: openai, url: "http://127.0.0.1:1", key: k }
              closed: { family: openai, url: "http://127.0.0.1:2", key: "" }
              quiet: { family: anthropic, url: "http://127.0.0.1:3" }
            models:
              - { id: fast, status: active, shapes: [openai-chat], aliases: [quick, fast-2026-01-02], limits: { context: 9, output: 9 },
                  prices: [ { from: 2026-01-01, input: 1, output: 1 } ],
                  targets: [ { provider: closed, model: x }, { provider: house, model: fast-at-house } ] }
              - { id: shut, status: active, shapes: [openai-chat], limits: { context: 9, output: 9 },
                  prices: [ { from: 2026-01-01, input: 1, output: 1 } ], targets: [ { provider: closed, model: shut } ] }
              - { id: poet, status: active, shapes: [anthropic-messages], limits: { context: 9, output: 9 },
                  prices: [ { from: 2026-01-01, input: 1, output: 1 } ], targets: [ { provider: quiet, model: poet } ] }
            """;

    private final Resolver forwards = resolver(Policy.FORWARD);
    private final Resolver refuses = resolver(Policy.REFUSE);

    private static Resolver resolver(Policy policy) {
        var faults = new Faults();
        var ceiling = new Ceiling(BigDecimal.ONE, BigDecimal.ONE);
        var yaml = new YamlFile(new Environment(Map.of()), faults);
        var catalogue = Catalogue.read(yaml, file(), faults, ceiling);
        faults.throwIfAny();
        return new Resolver(Objects.requireNonNull(catalogue), policy);
    }

    private static Path file() {
        try {
            var file = Files.createTempFile("providers", ".yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, CATALOGUE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Call call(Endpoint endpoint, String body) {
        return new Call(
                new UUID(1, 2), Instant.EPOCH, endpoint, null, null, "", Headers.NONE, Body.of(body.getBytes(UTF_8)));
    }

    private static Call chat(String model) {
        return call(Endpoint.CHAT_COMPLETIONS, "{\"model\":\"" + model + "\"}");
    }

    private static Caller caller(String... models) {
        return new Caller("cred", "team", null, null, List.of(), Set.of(), Set.of(models), null, true);
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
        var route = forwards.route(chat("Fast"), caller("*"));

        assertThat(route.model()).isNull();
        assertThat(route.modelAt(route.primary())).isEqualTo("Fast");
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
}
