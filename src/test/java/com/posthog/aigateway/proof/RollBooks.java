package com.posthog.aigateway.proof;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether receipts, events, the ledger and the provider's bill tell of the same calls and the same money. Amounts are
/// in
/// nano-dollars.
///
/// @param lost calls that were answered and have no receipt, and `twice` those with more than one
/// @param strays receipts with a cost for calls that nobody saw answered
/// @param undelivered calls that were answered and have no event
/// @param again events that came once more
/// @param unasked calls that the provider bills and nobody saw answered, or the other way round
/// @param booked what the receipts charge, and `spent` what the ledger has
/// @param apart how far bill, receipts and ledger are apart, over all teams
record RollBooks(
        long calls,
        long lost,
        long twice,
        long strays,
        long undelivered,
        long again,
        long unasked,
        long billed,
        long booked,
        long spent,
        long apart,
        long held) {

    static RollBooks of(RollEvidence evidence) {
        var served = evidence.served().stream().map(RollCall::id).collect(Collectors.toSet());
        var receipts = evidence.books().stream().collect(groupingBy(Booked::id, counting()));
        var events = new HashSet<>(evidence.delivered());
        var asked = evidence.bill().stream().map(Billed::mark).toList();
        var marks = evidence.served().stream().map(RollCall::mark).collect(Collectors.toSet());
        return new RollBooks(
                served.size(),
                without(served, receipts.keySet()),
                receipts.values().stream().filter(count -> count > 1).count(),
                evidence.books().stream()
                        .filter(booked -> booked.charged(Team.Kind.STRICT) > 0 && !served.contains(booked.id()))
                        .count(),
                without(served, events),
                evidence.delivered().size() - events.size(),
                without(marks, new HashSet<>(asked))
                        + asked.stream().filter(mark -> !marks.contains(mark)).count()
                        + asked.size()
                        - new HashSet<>(asked).size(),
                evidence.bill().stream().mapToLong(Billed::nanos).sum(),
                evidence.books().stream()
                        .mapToLong(booked -> booked.charged(Team.Kind.STRICT))
                        .sum(),
                evidence.standings().stream().mapToLong(Standing::spent).sum(),
                evidence.standings().stream()
                        .mapToLong(standing -> apart(standing, evidence))
                        .sum(),
                evidence.standings().stream().mapToLong(Standing::held).sum());
    }

    private static long without(Set<String> some, Set<String> others) {
        return some.stream().filter(it -> !others.contains(it)).count();
    }

    private static long apart(Standing standing, RollEvidence evidence) {
        long billed = evidence.bill().stream()
                .filter(it -> it.team().equals(standing.team()))
                .mapToLong(Billed::nanos)
                .sum();
        long booked = evidence.books().stream()
                .filter(it -> Team.of(it.mark()).equals(standing.team()))
                .mapToLong(it -> it.charged(Team.Kind.STRICT))
                .sum();
        return Math.abs(billed - booked) + Math.abs(billed - standing.spent());
    }

    List<String> wrong() {
        var wrong = new ArrayList<String>();
        mustBeZero("calls without a receipt", lost, wrong);
        mustBeZero("calls with two receipts", twice, wrong);
        mustBeZero("receipts of calls that nobody saw", strays, wrong);
        mustBeZero("calls without an event", undelivered, wrong);
        mustBeZero("calls that the provider and the callers disagree on", unasked, wrong);
        if (apart != 0 || billed != booked || billed != spent) {
            wrong.add("bill, receipts and ledger are apart by " + Figures.usd(apart));
        }
        if (held != 0) {
            wrong.add("still held: " + Figures.usd(held));
        }
        return wrong;
    }

    private static void mustBeZero(String what, long count, List<String> wrong) {
        if (count != 0) {
            wrong.add(what + ": " + count);
        }
    }

    List<String> lines() {
        return List.of(
                calls + " calls were answered; receipts lost " + lost + ", double " + twice + "; events missing "
                        + undelivered + ", delivered once more " + again,
                "the provider bills " + Figures.usd(billed) + ", receipts say " + Figures.usd(booked)
                        + ", the ledger has " + Figures.usd(spent) + "; apart by " + Figures.usd(apart)
                        + ", still held " + Figures.usd(held));
    }
}
