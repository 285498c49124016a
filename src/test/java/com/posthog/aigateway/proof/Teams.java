package com.posthog.aigateway.proof;

import com.posthog.aigateway.call.Money;
import java.util.ArrayList;
import java.util.List;

/// The teams of one part of a proof.
final class Teams {

    /// About what is held for a tight call, in nano-dollars.
    private static final long TIGHT_HOLD = 38_500_000;

    private static final int LATE_CALLS = 6;
    private static final List<Integer> TIGHT_CALLS = List.of(6, 12, 24, 48, 96);
    private static final List<String> STRICT_USD = List.of("0.02", "0.04", "0.07", "0.12");
    private static final List<String> BREATHING_USD = List.of("0.02", "0.06", "0.1", "0.2", "0.35");
    private static final List<String> WIDE_USD = List.of("4", "12");
    private static final List<String> WINDOWS = List.of("lifetime", "24h");

    private Teams() {}

    static List<Team> of(String part) {
        var teams = new ArrayList<Team>();
        for (int calls : TIGHT_CALLS) {
            add(part, Team.Kind.TIGHT, new Money(calls * TIGHT_HOLD), teams);
        }
        STRICT_USD.forEach(usd -> add(part, Team.Kind.STRICT, Money.parse(usd), teams));
        BREATHING_USD.forEach(usd -> add(part, Team.Kind.BREATHING, Money.parse(usd), teams));
        WIDE_USD.forEach(usd -> add(part, Team.Kind.WIDE, Money.parse(usd), teams));
        teams.add(new Team(part + Team.LATE, Team.Kind.TIGHT, "lifetime", new Money(LATE_CALLS * TIGHT_HOLD)));
        return teams;
    }

    private static void add(String part, Team.Kind kind, Money limit, List<Team> teams) {
        var id = part + "-" + kind.name().toLowerCase(java.util.Locale.ROOT) + teams.size();
        teams.add(new Team(id, kind, WINDOWS.get(teams.size() % WINDOWS.size()), limit));
    }
}
