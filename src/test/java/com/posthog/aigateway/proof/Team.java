package com.posthog.aigateway.proof;

import com.posthog.aigateway.call.Money;

/// Who pays in a proof: a team with one budget and one credential.
///
/// @param window in the word of `callers.yaml`
record Team(String id, Kind kind, String window, Money limit) {

    /// What its budget promises, and what its callers ask for.
    enum Kind {
        /// Strict, and each call costs nearly what is held for it: the edge is sharp.
        TIGHT,
        /// Strict, with calls of all kinds; the holds are many times the cost.
        STRICT,
        BREATHING,
        /// Breathing, with room for far more calls than run at once: it should refuse nobody before its end.
        WIDE;

        boolean strict() {
            return this == TIGHT || this == STRICT;
        }
    }

    /// Ends the id of a team for which the crowd does not ask, so that there is room for calls that outlast a fault.
    static final String LATE = "-late";

    private static final String MARK = "money-";

    boolean isLate() {
        return id.endsWith(LATE);
    }

    String key() {
        return "sk-proof-" + id;
    }

    String mark(long call) {
        return MARK + id + "-" + call;
    }

    /// The team that a mark names; empty for a mark of somebody else.
    static String of(String mark) {
        int end = mark.lastIndexOf('-');
        return mark.startsWith(MARK) && end > MARK.length() ? mark.substring(MARK.length(), end) : "";
    }
}
