package com.posthog.aigateway.provider.fit;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is found in one call on its way to one place.
final class Findings {

    /// What no text or key of a caller looks like: only such names of theirs are repeated.
    private static final Pattern PLAIN = Pattern.compile("[a-z][a-z_-]{0,39}(_\\d{8})?");

    private final Set<String> features = new TreeSet<>();
    private final Set<String> stripped = new LinkedHashSet<>();
    private final Set<String> betas = new LinkedHashSet<>();
    private @Nullable String why;

    void feature(@Nullable String feature) {
        if (feature != null) {
            features.add(feature);
        }
    }

    void stripped(String what) {
        stripped.add(what);
    }

    void beta(String word) {
        betas.add(word);
    }

    /// Only the first is kept.
    void unfit(String reason) {
        if (why == null) {
            why = reason;
        }
    }

    void unknown(String path, String what, String name) {
        unfit("'" + path + "' has " + what + " that is not known"
                + (PLAIN.matcher(name).matches() ? ": '" + name + "'" : ""));
    }

    Set<String> features() {
        return features;
    }

    List<String> stripped() {
        return List.copyOf(stripped);
    }

    /// That members of the body stand for.
    Set<String> betas() {
        return betas;
    }

    Optional<String> why() {
        return Optional.ofNullable(why);
    }
}
