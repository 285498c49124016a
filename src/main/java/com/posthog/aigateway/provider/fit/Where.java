package com.posthog.aigateway.provider.fit;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a rule holds: `mantle`, `bedrock`, `bedrock-invoke before 4.6`.
///
/// @param word a kind of target, or a group of kinds; `away`: all but the one that the caller's earlier turns came from
/// @param before the first generation of models for which the rule holds no more; null: it holds for all
record Where(String word, @Nullable Generation before) {

    private static final String AWAY = "away";
    private static final String BEFORE = " before ";

    Where {
        if (!word.equals(AWAY) && Arrays.stream(TargetKind.values()).noneMatch(kind -> kind.isCalled(word))) {
            throw new IllegalArgumentException("must name a kind of target, or a group of them: " + word);
        }
    }

    static Where parse(String text) {
        int at = text.indexOf(BEFORE);
        return at < 0
                ? new Where(text, null)
                : new Where(text.substring(0, at), Generation.parse(text.substring(at + BEFORE.length())));
    }

    boolean holds(Place place) {
        return (word.equals(AWAY) ? !place.home() : place.kind().isCalled(word))
                && (before == null || place.generation().compareTo(before) < 0);
    }

    static boolean anyHolds(List<Where> places, Place place) {
        return places.stream().anyMatch(where -> where.holds(place));
    }
}
