package com.posthog.aigateway.proof;

import com.posthog.aigateway.call.Money;
import java.util.ArrayList;
import java.util.List;

/// Which of all limits a race runs into.
enum Binding {
    TEAM,
    USER,
    CREDENTIAL,
    PRODUCT,
    REQUESTS,
    TOKENS,
    CONCURRENT;

    /// Wide enough for all, and so slow to fill again that what was taken can be seen.
    static final long WIDE = 600;

    static final List<Binding> ALL = List.of(values());

    private static final List<Binding> MONEY = List.of(TEAM, USER, CREDENTIAL, PRODUCT);
    private static final int MOST_MONEY = 100;
    private static final int MOST_RATE = 10;

    /// What one call of the race takes.
    record Takes(long nanos, long tokens) {}

    /// How much room there may be. What fills again by the minute has little, so that nothing comes back meanwhile.
    int most() {
        return this == REQUESTS || this == TOKENS ? MOST_RATE : MOST_MONEY;
    }

    /// Budgets and limits of all kinds, of which only this one is narrow: it has room for `calls`, and half of one
    /// more.
    CallersFile.Entry entry(Team team, int calls, Takes takes) {
        var budgets = new ArrayList<String>();
        for (var money : MONEY) {
            long nanos = takes.nanos() * (money == this ? calls : WIDE) + takes.nanos() / 2;
            budgets.add(CallersFile.budget(money.word(), "lifetime", new Money(nanos).toString(), Team.Kind.STRICT));
        }
        long tokens = takes.tokens() * (this == TOKENS ? calls : WIDE) + takes.tokens() / 2;
        var limits = List.of(
                limit("requests_per_minute", this == REQUESTS ? calls : WIDE),
                limit("tokens_per_minute", Math.max(1, tokens)),
                limit("concurrent", this == CONCURRENT ? calls : WIDE));
        return new CallersFile.Entry(team, budgets, limits);
    }

    private String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static String limit(String kind, long limit) {
        return "{ scope: team, " + kind + ": " + limit + ", mode: enforce }";
    }
}
