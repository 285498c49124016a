package com.posthog.aigateway.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Model;
import com.posthog.aigateway.config.GatewaySettings.Policy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What every spelling in `spellings.csv` comes to, and what holds for every name of the catalogue however it is
/// dressed.
class SpellingsTest {

    private static final Catalogue CATALOGUE = Asking.sample();
    private static final Resolver RESOLVER = new Resolver(CATALOGUE, Policy.FORWARD);
    private static final Names NAMES = new Names(CATALOGUE);
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvFileSource(resources = "spellings.csv", delimiter = '|', quoteCharacter = '\'')
    void comesTo(String spelling, String shape, String model, String price, String sent)
            throws JsonProcessingException {
        var call = Asking.call(endpoint(shape), "{\"model\":" + spelling + "}");
        if (model.equals("refused")) {
            var refusal = catchThrowableOfType(Refusal.class, () -> RESOLVER.route(call, Asking.caller("*")));
            assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED);
            assertThat(refusal.what())
                    .contains("does not speak " + call.endpoint().shape());
            return;
        }

        var route = RESOLVER.route(call, Asking.caller("*"));

        var target = route.primary();
        assertThat(id(route.model())).isEqualTo(model);
        assertThat(route.named()).isEqualTo(text(spelling));
        assertThat(route.modelAt(target)).isEqualTo(text(sent.equals("=") ? spelling : sent));
        assertThat(CATALOGUE
                        .price(null, route.modelAt(target), route.model() == null ? null : target, call.at())
                        .name())
                .isEqualTo(price);
        assertThat(route.targets()).hasSize(1);
    }

    private static Endpoint endpoint(String shape) {
        return Arrays.stream(Shape.values())
                .filter(each -> each.toString().equals(shape))
                .map(Asking::endpoint)
                .findFirst()
                .orElseThrow();
    }

    private static String text(String json) throws JsonProcessingException {
        return JSON.readValue(json, String.class);
    }

    private static String id(@Nullable Model model) {
        return model == null ? "unknown" : model.id();
    }

    private static final List<String> PREFIXES = List.of(
            "",
            "openai/",
            "anthropic/",
            "azure/",
            "openrouter/openai/",
            "openrouter/anthropic/",
            "bedrock/",
            "bedrock/converse/",
            "bedrock/eu-central-1/",
            "vertex_ai/");

    private static final List<String> WRAPPERS = List.of(
            "%s",
            "anthropic.%s",
            "openai.%s",
            "us.anthropic.%s",
            "global.openai.%s",
            "apac.anthropic.%s-v1:0",
            "us-gov.anthropic.%s-v2",
            "anthropic.%s-v1:0",
            "%s-v1:0",
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.anthropic.%s-v1:0",
            "arn:aws:bedrock:us-east-1::foundation-model/openai.%s");

    private static final List<String> DECORATIONS =
            List.of("%s", "%s[1m]", " %s\r\n", "%s:latest", "%s@default", "%s@latest[1m]");

    private static final List<String> ENDS = List.of(
            "-pro",
            "-mini",
            "-nano",
            "-codex",
            "-turbo",
            "-preview",
            "-fast",
            "x",
            "-x",
            "-1",
            "-0613",
            ".1",
            "0",
            "-max",
            "-thinking",
            ":free",
            "@x",
            "-2026",
            "/x");

    static Stream<Model> models() {
        return CATALOGUE.models().stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void meansTheSameInEveryDress(Model model) {
        for (var name : names(model)) {
            assertThat(dressed(name).filter(dressed -> !NAMES.meaning(dressed).equals(meaning(model, name, dressed))))
                    .isEmpty();
        }
    }

    private static Optional<Meaning> meaning(Model model, String name, String dressed) {
        return Optional.of(
                new Meaning(model, name, false, dressed.toLowerCase(Locale.ROOT).contains("[1m]")));
    }

    @ParameterizedTest
    @MethodSource("models")
    void isNeverMeantByALongerName(Model model) {
        assertThat(names(model).stream()
                        .flatMap(name -> ENDS.stream().flatMap(end -> plainlyDressed(name + end)))
                        .filter(longer -> means(longer, model)))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("models")
    void isNeverMeantByAPartOfItsName(Model model) {
        var listed = Stream.concat(
                        model.aliases().stream(), CATALOGUE.lines().stream().flatMap(line -> line.names().stream()))
                .toList();
        var id = model.id();
        assertThat(IntStream.range(1, id.length())
                        .boxed()
                        .flatMap(cut -> Stream.of(id.substring(0, cut), id.substring(cut)))
                        .filter(part -> !listed.contains(part) && means(part, model)))
                .isEmpty();
    }

    private static boolean means(String spelling, Model model) {
        return NAMES.meaning(spelling).map(Meaning::model).equals(Optional.of(model));
    }

    private static List<String> names(Model model) {
        return Stream.concat(Stream.of(model.id()), model.aliases().stream()).toList();
    }

    private static Stream<String> dressed(String name) {
        return PREFIXES.stream()
                .flatMap(prefix -> plainlyDressed(name).map(dressed -> dressed.replaceFirst("(?=\\S)", prefix)))
                .flatMap(dressed -> Stream.of(
                        dressed, dressed.toUpperCase(Locale.ROOT), dressed.replace(name, name.replace('.', '-'))));
    }

    private static Stream<String> plainlyDressed(String name) {
        return WRAPPERS.stream()
                .map(wrapper -> wrapper.formatted(name))
                .flatMap(wrapped -> DECORATIONS.stream().map(decoration -> decoration.formatted(wrapped)));
    }
}
