package com.posthog.aigateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.testing.Proof;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Any request line, compared with one long pattern for each endpoint.
class PathsFuzzTest {

    private static final int CASES = Proof.cases(15_000, 400_000);

    private static final List<String> METHODS = List.of("GET", "POST", "DELETE", "HEAD", "PUT", "OPTIONS", "post");

    private static final List<String> SEGMENTS = List.of(
            "",
            "",
            "v1",
            "v1",
            "v1",
            "openai",
            "anthropic",
            "chat",
            "completions",
            "responses",
            "messages",
            "embeddings",
            "count_tokens",
            "compact",
            "input_tokens",
            "input_items",
            "cancel",
            "models",
            "api",
            "hello",
            "my-product",
            "resp_1",
            "a.b:c@d",
            "..",
            ".",
            "%2e%2e",
            "a%2Fb",
            "ä",
            "V1",
            "Chat",
            "x y",
            "\0",
            "-",
            "_");

    private static final List<String> ENDINGS = List.of("", "", "/", "//", "/v1", "/..", "?x", "#");

    private record Known(Endpoint endpoint, Pattern pattern) {}

    private static final String NAME = "[A-Za-z0-9_-][A-Za-z0-9_.:@-]{0,199}";

    private static final String BEFORE =
            "/*(?:(?<product>(?!v1/)[a-z0-9][a-z0-9_-]{0,63})/+)??" + "(?:(?:openai|anthropic)/+)?(?:v1/+){0,2}?";

    /// Asked for first: behind a product called `responses` it could be read as a response called `models`.
    private static final Pattern MODELS = Pattern.compile(BEFORE + "models(?:/+" + NAME + ")?/*");

    /// Prefers, as the table does, to read a word as a family rather than as a product.
    private static final List<Known> KNOWN = List.of(Endpoint.values()).stream()
            .map(endpoint -> new Known(
                    endpoint,
                    Pattern.compile(BEFORE
                            + endpoint.path().substring(1).replace("/", "/+").replace("{id}", "(?<id>" + NAME + ")")
                            + "/*")))
            .toList();

    @Test
    void meansWhatThePatternsSay() {
        int asks = 0;
        for (int number = 0; number < CASES; number++) {
            var chance = Proof.chance(number);
            var method = chance.of(METHODS);
            var path = new StringBuilder();
            if (chance.onceIn(2)) {
                path.append(chance.of("", "/", "//", "/my-product", "/openai", "/anthropic", "/p/openai"))
                        .append(chance.of("", "/v1", "/v1/v1", "//v1/", "/v1/v1/v1"))
                        .append(chance.of(List.of(Endpoint.values())).path("resp_1"))
                        .append(chance.of(ENDINGS));
            } else {
                for (int i = chance.below(7); i > 0; i--) {
                    path.append('/').append(chance.of(SEGMENTS));
                }
            }
            var text = path.toString();

            var meaning = Paths.meaning(method, text, chance.onceIn(4));
            Paths.familyOf(text, chance.onceIn(2));

            var expected = expected(method, text);
            assertThat(meaning instanceof Paths.Meaning.Asks asked ? asked : null)
                    .as("input %d: %s %s", number, method, text)
                    .isEqualTo(expected);
            asks += expected == null ? 0 : 1;
        }
        assertThat(asks).isGreaterThan(CASES / 20);
        Proof.tell("paths: " + CASES + " inputs, " + asks + " of them calls");
    }

    private static Paths.Meaning.@Nullable Asks expected(String method, String path) {
        if (MODELS.matcher(path).matches()) {
            return null;
        }
        for (var known : KNOWN) {
            var matcher = known.pattern().matcher(path);
            if (isCollection(known.endpoint()) && method.equals("GET") && matcher.matches()) {
                return null;
            }
            if (known.endpoint().method().equals(method) && matcher.matches()) {
                return new Paths.Meaning.Asks(
                        known.endpoint(),
                        matcher.group("product"),
                        known.endpoint().byId() ? matcher.group("id") : null);
            }
        }
        return null;
    }

    /// Behind a product of its own name it could be read as one of its members; both are not found.
    private static boolean isCollection(Endpoint endpoint) {
        return endpoint == Endpoint.RESPONSES || endpoint == Endpoint.CHAT_COMPLETIONS;
    }
}
