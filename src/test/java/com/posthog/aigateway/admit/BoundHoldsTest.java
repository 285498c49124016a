package com.posthog.aigateway.admit;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.call.Usage.Terms;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Model;
import com.posthog.aigateway.catalogue.Price;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.testing.Chance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// No answer that keeps to its request costs more than its bound, whatever the catalogue lets it name.
class BoundHoldsTest {

    private static final Catalogue SAMPLE = Requests.sample();
    private static final int CASES = 20_000;

    /// One request, and what an answer to it may be.
    private record Case(Model model, Endpoint endpoint, Asked asked, Usage usage, String returned) {

        Bound bound(Catalogue catalogue, Function<Asked, Asked> changed) {
            var known = catalogue.find(model.id()).orElseThrow();
            // Dearer fallbacks would bound what the primary must bound by itself.
            var primary = List.of(known.targets().getFirst());
            return Bound.of(call(changed.apply(asked)), new Route(known, model.id(), primary), catalogue);
        }

        private Call call(Asked asked) {
            return Requests.call(endpoint, asked.body(endpoint));
        }

        Money cost() {
            return price().cost(usage).total();
        }

        private Price price() {
            var target = model.targets().getFirst();
            return SAMPLE.price(returned, target.model(), target, Requests.NOON);
        }

        /// A tier that is not listed has a price that is a guess. One that the request itself names is bounded all the
        /// same.
        boolean namesWhatIsListed() {
            var asks = "fast".equals(asked.tier()) ? "priority" : asked.tier();
            return Objects.equals(asks, usage.terms().serviceTier())
                    || price().guesses(usage).stream().noneMatch(guess -> guess.startsWith("service_tier"));
        }

        boolean holds(Catalogue catalogue, Function<Asked, Asked> changed) {
            return !(bound(catalogue, changed) instanceof Bound.Worst worst) || cost().compareTo(worst.cost()) <= 0;
        }
    }

    /// What a request says.
    ///
    /// @param limit of tokens; null: none is set
    record Asked(
            int letters,
            boolean picture,
            @Nullable Integer limit,
            int choices,
            @Nullable String tier,
            @Nullable String speed,
            @Nullable String place) {

        String body(Endpoint endpoint) {
            var members = new ArrayList<String>();
            members.add(content(endpoint));
            var name = switch (endpoint) {
                case CHAT_COMPLETIONS -> "max_completion_tokens";
                case RESPONSES -> "max_output_tokens";
                default -> "max_tokens";
            };
            add(members, name, limit);
            add(members, "n", endpoint == Endpoint.CHAT_COMPLETIONS && choices > 1 ? choices : null);
            add(members, "service_tier", tier);
            add(members, "speed", speed);
            add(members, "inference_geo", place);
            return "{" + String.join(",", members) + "}";
        }

        private String content(Endpoint endpoint) {
            var text = "x".repeat(letters);
            var types = switch (endpoint) {
                case RESPONSES -> List.of("input_text", "input_image");
                case MESSAGES -> List.of("text", "image");
                default -> List.of("text", "image_url");
            };
            var parts = "[{\"type\":\"" + types.getFirst() + "\",\"text\":\"" + text + "\"}"
                    + (picture ? ",{\"type\":\"" + types.getLast() + "\"}]" : "]");
            return "\"" + (endpoint == Endpoint.RESPONSES ? "input" : "messages")
                    + "\":[{\"role\":\"user\",\"content\":" + parts + "}]";
        }

        private static void add(List<String> members, String name, @Nullable Object value) {
            if (value != null) {
                members.add("\"" + name + "\":" + (value instanceof String ? "\"" + value + "\"" : value));
            }
        }

        Asked withoutChoices() {
            return new Asked(letters, picture, limit, 1, tier, speed, place);
        }

        Asked withoutPicture() {
            return new Asked(letters, false, limit, choices, tier, speed, place);
        }

        Asked withTier(String tier) {
            return new Asked(letters, picture, limit, choices, tier, speed, place);
        }

        Asked withSpeed(@Nullable String speed) {
            return new Asked(letters, picture, limit, choices, tier, speed, place);
        }

        Asked withPlace(String place) {
            return new Asked(letters, picture, limit, choices, tier, speed, place);
        }

        Asked withLimit(int limit) {
            return new Asked(letters, picture, limit, choices, tier, speed, place);
        }
    }

    private static final List<Model> MODELS = SAMPLE.models().stream()
            .filter(model -> !model.targets().isEmpty() && model.limits().output() != null)
            .toList();

    private final Chance chance = new Chance(20261125);

    private Case made() {
        var model = chance.of(MODELS);
        var endpoint = endpoint(model);
        boolean anthropic = endpoint == Endpoint.MESSAGES;
        var asked = new Asked(
                chance.onceIn(20) ? chance.below(300_000) : chance.below(2_000),
                chance.onceIn(4),
                chance.onceIn(3) ? null : chance.below(200_000),
                chance.onceIn(3) ? 1 + chance.below(5) : 1,
                anthropic ? word("", "auto", "standard_only") : word("", "auto", "default", "flex", "priority", "fast"),
                anthropic ? word("", "", "standard", "fast") : null,
                anthropic ? word("", "global", "us") : null);
        var names = new ArrayList<>(model.aliases());
        names.add(model.id());
        names.add(model.id() + "-2026-11-01");
        var made = new Case(model, endpoint, asked, usage(model, endpoint, asked), chance.of(names));
        return made.namesWhatIsListed() ? made : made();
    }

    private Endpoint endpoint(Model model) {
        return switch (chance.of(List.copyOf(model.shapes()))) {
            case Shape shape when shape == Shape.OPENAI_RESPONSES -> Endpoint.RESPONSES;
            case Shape shape when shape == Shape.ANTHROPIC_MESSAGES -> Endpoint.MESSAGES;
            default -> Endpoint.CHAT_COMPLETIONS;
        };
    }

    private Usage usage(Model model, Endpoint endpoint, Asked asked) {
        long context = model.limits().context();
        long prompt = upTo(
                asked.picture()
                        ? context
                        : Math.min(context, asked.body(endpoint).length() + 2_000L));
        long most = Objects.requireNonNull(model.limits().output());
        long output = upTo(asked.limit() == null ? most : Math.min(most, asked.limit()));
        long choices = endpoint == Endpoint.CHAT_COMPLETIONS ? asked.choices() : 1;
        long[] parts = parts(prompt);
        return new Usage(
                parts[0],
                parts[1],
                parts[2],
                parts[3],
                output * choices,
                0,
                chance.onceIn(2) ? 0 : upTo(parts[0]),
                chance.onceIn(2) ? 0 : upTo(output * choices),
                0,
                0,
                0,
                terms(endpoint, asked),
                List.of());
    }

    /// The most half of the time: bounds break at the edge.
    private long upTo(long most) {
        return chance.onceIn(2) ? most : (long) (chance.share() * (most + 1));
    }

    private long[] parts(long prompt) {
        var parts = new long[4];
        if (chance.onceIn(2)) {
            parts[chance.below(4)] = prompt;
            return parts;
        }
        long left = prompt;
        for (int i = 0; i < 3; i++) {
            parts[i] = upTo(left);
            left -= parts[i];
        }
        parts[3] = left;
        return parts;
    }

    /// One of them; null for an empty one.
    private @Nullable String word(String... words) {
        var word = chance.of(words);
        return word.isEmpty() ? null : word;
    }

    private Terms terms(Endpoint endpoint, Asked asked) {
        if (endpoint == Endpoint.MESSAGES) {
            boolean fixed = "standard_only".equals(asked.tier());
            return new Terms(
                    fixed ? "standard" : word("", "standard", "priority", "batch"),
                    "fast".equals(asked.speed()) ? word("standard", "fast") : word("", "standard"),
                    asked.place() != null ? asked.place() : word("", "global", "us", "not_available"));
        }
        var tier = asked.tier();
        if ("default".equals(tier) || "flex".equals(tier)) {
            return new Terms(word(tier == null ? "" : tier, "default"), null, null);
        }
        return "fast".equals(tier) || "priority".equals(tier)
                ? new Terms(word("default", "priority"), null, null)
                : new Terms(word("", "default", "flex", "batch", "priority", "ultrafast"), null, null);
    }

    @Test
    void holdsForEveryAnswer() {
        for (int i = 0; i < CASES; i++) {
            var made = made();
            assertThat(made.bound(SAMPLE, same -> same))
                    .as("%s", made)
                    .isInstanceOfSatisfying(
                            Bound.Worst.class,
                            worst -> assertThat(made.cost()).as("%s", made).isLessThanOrEqualTo(worst.cost()));
        }
    }

    static Stream<Arguments> mutations() {
        return Stream.of(
                mutation("choices are ignored", Asked::withoutChoices),
                mutation("a picture is ignored", Asked::withoutPicture),
                mutation("the tier is taken for the standard", asked -> asked.withTier("default")),
                mutation("the speed is ignored", asked -> asked.withSpeed(null)),
                mutation("the place is taken for the standard", asked -> asked.withPlace("global")),
                mutation("a limit is taken that is not there", asked -> asked.withLimit(1_000)),
                broken("cache writes cost nothing", "(cache_write_5m|cache_write_1h): [0-9.]+", "$1: 0"),
                broken("cache writes of an hour cost nothing", "cache_write_1h: [0-9.]+", "cache_write_1h: 0"),
                broken("cache writes have no rate", ", cache_write_(5m|1h): [0-9.]+", ""),
                broken("long prompts cost what short ones do", "above: \\[.*\\],", ""),
                broken("audio costs what text does", "audio_(in|out)put: [0-9.]+,", ""),
                broken("tiers are not listed", "tiers: \\{ .*?\\} \\}", "tiers: {}"));
    }

    private static Arguments mutation(String what, Function<Asked, Asked> changed) {
        return Arguments.of(what, SAMPLE, changed);
    }

    private static Arguments broken(String what, String pattern, String other) {
        try {
            var text = Files.readString(Path.of("providers.yaml")).replaceAll(pattern, other);
            Function<Asked, Asked> same = asked -> asked;
            return Arguments.of(what, Requests.catalogue(text), same);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutations")
    void wouldNotHoldIf(String what, Catalogue catalogue, Function<Asked, Asked> changed) {
        boolean broken = false;
        for (int i = 0; i < CASES && !broken; i++) {
            broken = !made().holds(catalogue, changed);
        }
        assertThat(broken).as(what).isTrue();
    }
}
