package com.posthog.aigateway.admit;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One law broken on purpose: of the entry, or of the processes and the roster around it.
enum Sabotage {
    NONE(null),
    ABSENT_IS_NOT_ZERO(Law.ABSENT_IS_NOT_ZERO),
    TOTALS_ARE_MAXIMA(Law.TOTALS_ARE_MAXIMA),
    HELD_UNTIL_ACKNOWLEDGED(Law.HELD_UNTIL_ACKNOWLEDGED),
    STATEMENTS_LIST_THE_OPEN(Law.STATEMENTS_LIST_THE_OPEN),
    INTENT_FIRST(Law.INTENT_FIRST),
    CREATE_BRINGS_HOLDS(Law.CREATE_BRINGS_HOLDS),
    TOTALS_BEFORE_CLOSED(Law.TOTALS_BEFORE_CLOSED),
    JUDGED_AGAIN(Law.JUDGED_AGAIN),
    FENCED(Law.FENCED),
    GUARDED(Law.GUARDED),
    CLOSED_TRAVELS(Law.CLOSED_TRAVELS),
    LATER_BUCKETS_COUNT(Law.LATER_BUCKETS_COUNT),
    FINISHED_STAYS_FINISHED(Law.FINISHED_STAYS_FINISHED),
    /// A process admits before its epoch is in the roster.
    EPOCHS_ARE_ON_THE_ROSTER_FIRST(null),
    /// Whoever cannot be asked is left out.
    THE_WHOLE_ROSTER_IS_ASKED(null),
    /// An epoch leaves the roster before its last totals are in a data member's journal.
    LAST_TOTALS_ARE_CONFIRMED(null),
    /// A data member whose journal was lost answers for it with an empty one.
    A_LOST_JOURNAL_DOES_NOT_ANSWER(null),
    /// A settle on a missing entry counts as done.
    MISSING_DOES_NOT_ACKNOWLEDGE(null),
    /// The last words of an epoch count as heard where the entry is missing.
    MISSING_DOES_NOT_CLOSE(null),
    /// A message that runs again puts the same number again where an entry was lost in between.
    PLACEHOLDERS_ARE_NUMBERED_ANEW(null),
    /// A larger step is noted as open only when it was granted.
    GROWTH_IS_NOTED_FIRST(null);

    private final @Nullable Law law;

    Sabotage(@Nullable Law law) {
        this.law = law;
    }

    Set<Law> broken() {
        return law == null ? Law.NONE_BROKEN : Set.of(law);
    }
}
