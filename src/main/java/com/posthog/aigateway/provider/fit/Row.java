package com.posthog.aigateway.provider.fit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the table says of one member, one kind of object, or one value. Where it says nothing, it stays as it is.
///
/// @param is the form of an object that stands here, or of each in a list; null: nobody looks into it
/// @param feature what a call asks for that has this
/// @param unfit where the call cannot be served with it
/// @param strip where it is left out, and not missed
/// @param elsewhere where it is left out because the path or a header says it
/// @param why it is unfit, in a few words
/// @param rename its other name there
/// @param beta the word among the betas that stands for it there, where it is true
/// @param values what else is to be known, by its value; one that is not listed is not known. `*` ends the beginning of
/// one, or means all others.
record Row(
        @Nullable String is,
        @Nullable String feature,
        List<Where> unfit,
        List<Where> strip,
        List<Where> elsewhere,
        @Nullable String why,
        @Nullable Change rename,
        @Nullable Change beta,
        Map<String, Row> values) {

    /// Another word, and where it holds.
    record Change(String to, List<Where> at) {
        Change {
            at = List.copyOf(at);
        }

        boolean holds(Place place) {
            return Where.anyHolds(at, place);
        }
    }

    Row {
        unfit = List.copyOf(unfit);
        strip = List.copyOf(strip);
        elsewhere = List.copyOf(elsewhere);
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        if (why != null && unfit.isEmpty()) {
            throw new IllegalArgumentException("'why' belongs to 'unfit': " + why);
        }
    }

    boolean unfit(Place place) {
        return Where.anyHolds(unfit, place);
    }

    boolean strips(Place place) {
        return Where.anyHolds(strip, place);
    }

    boolean isSaidElsewhere(Place place) {
        return Where.anyHolds(elsewhere, place);
    }

    Optional<Row> value(String value) {
        return named(values, value);
    }

    /// The row of that name, else the one with the longest beginning of it.
    static <T> Optional<T> named(Map<String, T> rows, String name) {
        var exact = rows.get(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        T best = null;
        int longest = 0;
        for (var row : rows.entrySet()) {
            var pattern = row.getKey();
            if (pattern.length() > longest
                    && pattern.endsWith("*")
                    && name.startsWith(pattern.substring(0, pattern.length() - 1))) {
                best = row.getValue();
                longest = pattern.length();
            }
        }
        return Optional.ofNullable(best);
    }
}
