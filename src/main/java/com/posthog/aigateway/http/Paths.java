package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The route table: what a method and a path mean. Tools write base URLs in many ways, so a product, a
/// family, a missing or a doubled `/v1`, doubled and trailing slashes are tolerated; anything else is nothing
/// of ours.
final class Paths {

    /// What a request line means.
    sealed interface Meaning {

        /// A call that a provider answers.
        ///
        /// @param product that the path names
        /// @param id of what the provider has stored, for an endpoint that is about such
        record Asks(
                Endpoint endpoint,
                @Nullable String product,
                @Nullable String id) implements Meaning {}

        /// A question for the models on sale, or for one of them.
        record Models(@Nullable String model) implements Meaning {}

        /// A question for the asker's own budgets and limits.
        record Usage() implements Meaning {}

        /// Somebody looks whether we are there.
        record Probe() implements Meaning {}

        /// A responses client would rather speak over a websocket.
        record Websocket() implements Meaning {}

        /// The path is known, but not with this method.
        record OtherMethod(Set<String> known) implements Meaning {}

        /// The collection of what the provider has stored for all our callers together.
        record Everybodys() implements Meaning {}

        record Nothing() implements Meaning {}
    }

    /// What stands before and inside a known path.
    private record Fit(@Nullable String product, @Nullable String id) {}

    /// An endpoint, and its path in segments.
    private record Known(Endpoint endpoint, List<String> segments) {}

    private static final String ID = "{id}";
    private static final List<Known> KNOWN = Arrays.stream(Endpoint.values())
            .map(endpoint -> new Known(endpoint, segments(endpoint.path())))
            .toList();
    private static final List<String> MODELS = List.of("models");
    private static final List<String> MODEL = List.of("models", ID);
    private static final List<String> USAGE = List.of("usage");
    private static final List<String> HELLO = List.of("api", "hello");
    private static final Set<String> LOOKS = Set.of("GET", "HEAD");
    private static final Set<String> FAMILIES = Set.of("openai", "anthropic");
    private static final Pattern PRODUCT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    /// Of ids as providers make them, and of models' names: nothing that could change a path.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.:@-]{0,199}");

    private Paths() {}

    /// @param websocket whether the request asks to change to a websocket
    static Meaning meaning(String method, String path, boolean websocket) {
        var segments = segments(path);
        if (LOOKS.contains(method) && isProbed(segments)) {
            return new Meaning.Probe();
        }
        if (fit(segments, MODELS).isPresent()) {
            return looks(method, new Meaning.Models(null));
        }
        if (fit(segments, USAGE).isPresent()) {
            return looks(method, new Meaning.Usage());
        }
        var model = fit(segments, MODEL);
        if (model.isPresent()) {
            return looks(method, new Meaning.Models(model.get().id()));
        }
        return call(method, segments, websocket);
    }

    private static Meaning looks(String method, Meaning asked) {
        return method.equals("GET") ? asked : new Meaning.OtherMethod(Set.of("GET"));
    }

    private static Meaning call(String method, List<String> segments, boolean websocket) {
        var known = new TreeSet<String>();
        for (var row : KNOWN) {
            var endpoint = row.endpoint();
            var fit = fit(segments, row.segments());
            if (fit.isEmpty()) {
                continue;
            }
            if (endpoint.method().equals(method)) {
                return new Meaning.Asks(endpoint, fit.get().product(), fit.get().id());
            }
            if (method.equals("GET") && endpoint == Endpoint.RESPONSES && websocket) {
                return new Meaning.Websocket();
            }
            if (method.equals("GET") && (endpoint == Endpoint.RESPONSES || endpoint == Endpoint.CHAT_COMPLETIONS)) {
                return new Meaning.Everybodys();
            }
            known.add(endpoint.method());
        }
        return known.isEmpty() ? new Meaning.Nothing() : new Meaning.OtherMethod(known);
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/", -1))
                .filter(segment -> !segment.isEmpty())
                .toList();
    }

    /// The root, with all that may stand before a path but a product, and the greeting of Claude Code.
    private static boolean isProbed(List<String> segments) {
        var bare = prefix(segments);
        boolean root = bare.isPresent() && bare.get().product() == null;
        return root || fit(segments, HELLO).isPresent();
    }

    private static Optional<Fit> fit(List<String> segments, List<String> known) {
        int before = segments.size() - known.size();
        if (before < 0) {
            return Optional.empty();
        }
        String id = null;
        for (int i = 0; i < known.size(); i++) {
            var segment = segments.get(before + i);
            if (known.get(i).equals(ID) && NAME.matcher(segment).matches()) {
                id = segment;
            } else if (!known.get(i).equals(segment)) {
                return Optional.empty();
            }
        }
        var found = id;
        return prefix(segments.subList(0, before)).map(fit -> new Fit(fit.product(), found));
    }

    /// What may stand before a path: a product, a family, `v1` once or twice.
    private static Optional<Fit> prefix(List<String> segments) {
        var left = new ArrayList<>(segments);
        for (int i = 0; i < 2 && !left.isEmpty() && left.getLast().equals("v1"); i++) {
            left.removeLast();
        }
        if (!left.isEmpty() && FAMILIES.contains(left.getLast())) {
            left.removeLast();
        }
        if (left.isEmpty()) {
            return Optional.of(new Fit(null, null));
        }
        boolean product = left.size() == 1
                && PRODUCT.matcher(left.getFirst()).matches()
                && !left.getFirst().equals("v1");
        return product ? Optional.of(new Fit(left.getFirst(), null)) : Optional.empty();
    }

    /// True for a query that can stand in a request line as it came: of visible ASCII, whatever it means.
    static boolean canPass(String query) {
        return query.chars().allMatch(one -> one > ' ' && one < 0x7f);
    }

    /// For somebody who has lost the way.
    static String list() {
        var posts = Arrays.stream(Endpoint.values())
                .filter(endpoint -> endpoint.method().equals("POST") && !endpoint.byId())
                .map(endpoint -> "POST /v1" + endpoint.path())
                .collect(Collectors.joining(", "));
        return posts + ", GET /v1/models, GET /v1/usage";
    }

    /// Whose envelope an unknown path is answered in.
    static Family familyOf(String path, boolean anthropicVersion) {
        if (path.contains("/chat/")) {
            return Family.OPENAI;
        }
        return anthropicVersion || path.contains("/anthropic/") || path.contains("/messages")
                ? Family.ANTHROPIC
                : Family.OPENAI;
    }
}
