package com.posthog.aigateway.proof;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// How exactly the three limits were kept while replicas came and went.
///
/// @param counted how many calls the budget let through
/// @param together how many calls of those who share places the provider answered at once, at most
/// @param rated how many calls the rate certainly let through between its first and its last refusal, and `ratedMost`
/// how many it may have; `due` and `dueMost` are how many it should have, by the same two clocks
record RollLimits(long counted, int together, long rated, long ratedMost, double due, double dueMost, long refused) {

    /// A part of a call that is due at each end, and what the clocks of two replicas differ by.
    private static final double ROUNDING = 2;

    private static final double MINUTE = 60_000;
    private static final int LIMITED = 429;

    static RollLimits of(RollEvidence evidence) {
        var rated = evidence.of(RollTeams.RATED);
        var refusals = rated.stream()
                .filter(call -> call.status() == LIMITED)
                .sorted(Comparator.comparingLong(RollCall::answered))
                .toList();
        long refused = evidence.calls().stream()
                .filter(call -> call.kind() == RollCall.Kind.LIMITED && !call.isServed())
                .count();
        long counted = evidence.billOf(RollTeams.COUNTED).size();
        int together = together(evidence.billOf(RollTeams.PLACES));
        if (refusals.isEmpty()) {
            return new RollLimits(counted, together, 0, 0, 0, 0, refused);
        }
        var first = refusals.getFirst();
        var last = refusals.getLast();
        double perMilli = evidence.plan().rate() / MINUTE;
        return new RollLimits(
                counted,
                together,
                rated.stream()
                        .filter(call ->
                                call.isServed() && call.at() >= first.answered() && call.answered() <= last.at())
                        .count(),
                rated.stream()
                        .filter(call ->
                                call.isServed() && call.answered() >= first.at() && call.at() <= last.answered())
                        .count(),
                perMilli * (last.at() - first.answered()),
                perMilli * (last.answered() - first.at()),
                refused);
    }

    /// The provider's answers are over before their places are free: what overlaps there has overlapped here.
    private static int together(List<Billed> bills) {
        var moments = new ArrayList<long[]>();
        for (var billed : bills) {
            moments.add(new long[] {billed.begun(), 1});
            moments.add(new long[] {billed.ended(), -1});
        }
        moments.sort(Comparator.<long[]>comparingLong(it -> it[0]).thenComparingLong(it -> it[1]));
        int now = 0;
        int most = 0;
        for (var moment : moments) {
            now += (int) moment[1];
            most = Math.max(most, now);
        }
        return most;
    }

    List<String> wrong(RollPlan plan) {
        var wrong = new ArrayList<String>();
        if (counted != plan.room()) {
            wrong.add("a budget for " + plan.room() + " calls let " + counted + " through");
        }
        if (together != plan.places()) {
            wrong.add("a limit of " + plan.places() + " calls at once let " + together + " run at once");
        }
        if (rated > dueMost + ROUNDING || ratedMost < due - ROUNDING || dueMost == 0) {
            wrong.add(String.format(
                    Locale.ROOT,
                    "a limit of %d calls a minute let %d to %d through where %.1f to %.1f were due",
                    plan.rate(),
                    rated,
                    ratedMost,
                    due,
                    dueMost));
        }
        return wrong;
    }

    List<String> lines(RollPlan plan) {
        return List.of(
                "a budget with room for " + plan.room() + " calls, never filled again: " + counted
                        + " were let through",
                "a limit of " + plan.places() + " calls at once: never more than " + together + " ran at once",
                String.format(
                        Locale.ROOT,
                        "a limit of %d calls a minute: between its first and its last refusal %.1f were due, and %d were let"
                                + " through; %d more began or ended with those refusals",
                        plan.rate(),
                        dueMost,
                        rated,
                        ratedMost - rated),
                refused + " calls were refused by these three, as they must be");
    }
}
