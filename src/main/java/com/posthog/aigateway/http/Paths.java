package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The route table: which endpoint a path means. Tools write base URLs in many ways, so a product, a family, a missing
/// or a doubled `/v1`, doubled and trailing slashes are tolerated; anything else is nothing of ours.
final class Paths {

    record Match(Endpoint endpoint, @Nullable String product) {}

    private static final Set<String> PROBES = Set.of("/", "/api/hello");
    private static final Set<String> FAMILIES = Set.of("openai", "anthropic");
    private static final Pattern PRODUCT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    private Paths() {}

    /// Answered 200 to anybody.
    static boolean isProbe(String path) {
        return PROBES.contains(path);
    }

    static Optional<Match> match(String path) {
        var segments = Arrays.stream(path.split("/", -1))
                .filter(segment -> !segment.isEmpty())
                .toList();
        for (var endpoint : Endpoint.values()) {
            var own = List.of(endpoint.path().substring(1).split("/", -1));
            int rest = segments.size() - own.size();
            if (rest >= 0 && segments.subList(rest, segments.size()).equals(own)) {
                return prefix(segments.subList(0, rest)).map(product -> new Match(endpoint, product.orElse(null)));
            }
        }
        return Optional.empty();
    }

    /// What may stand before an endpoint: a product, a family, `v1` once or twice.
    private static Optional<Optional<String>> prefix(List<String> segments) {
        var left = new ArrayList<>(segments);
        for (int i = 0; i < 2 && !left.isEmpty() && left.getLast().equals("v1"); i++) {
            left.removeLast();
        }
        if (!left.isEmpty() && FAMILIES.contains(left.getLast())) {
            left.removeLast();
        }
        if (left.isEmpty()) {
            return Optional.of(Optional.empty());
        }
        boolean product = left.size() == 1
                && PRODUCT.matcher(left.getFirst()).matches()
                && !left.getFirst().equals("v1");
        return product ? Optional.of(Optional.of(left.getFirst())) : Optional.empty();
    }

    /// For somebody who has lost the way.
    static String list() {
        return Arrays.stream(Endpoint.values())
                .map(endpoint -> "/v1" + endpoint.path())
                .collect(Collectors.joining(", "));
    }

    /// Whose envelope an unknown path is answered in.
    static Family familyOf(String path, boolean anthropicVersion) {
        return anthropicVersion || path.contains("/anthropic/") || path.contains("/messages")
                ? Family.ANTHROPIC
                : Family.OPENAI;
    }
}
