package com.posthog.aigateway.catalogue;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the answer to a request may name as its service tier, speed and place, and so what may choose its price.
public record Latitude(Words tier, Words speed, Words place) {

    /// The words that one of them may be.
    ///
    /// @param named by the request
    /// @param only true where an answer names no other, or none; else all that the catalogue lists are possible too
    public record Words(Set<String> named, boolean only) {

        public static final Words ANY = new Words(Set.of(), false);

        /// The standard, which an answer shows by naming nothing, or by a word of no other price.
        public static final Words STANDARD = new Words(Set.of(), true);

        public Words {
            named = Set.copyOf(named);
        }

        /// With the standard, as null.
        SequencedSet<@Nullable String> with(Collection<String> listed) {
            var words = new LinkedHashSet<@Nullable String>();
            words.add(null);
            words.addAll(named);
            if (!only) {
                words.addAll(listed);
            }
            return words;
        }
    }

    public static final Latitude ANY = new Latitude(Words.ANY, Words.ANY, Words.ANY);
}
