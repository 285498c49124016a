package com.posthog.aigateway.proof;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import com.posthog.aigateway.call.Ending;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Compares what the provider bills with what the callers were told, what the journals say and what the ledger says.
final class Checker {

    private static final int LOW = 90;

    private final Evidence evidence;
    private final Map<String, Team> teams = new HashMap<>();
    private final Map<String, List<Billed>> billsOf;
    private final Map<String, Long> billOf;
    private final Map<String, List<Booked>> booksOf;
    private final Map<String, Standing> standings = new HashMap<>();

    private Checker(Evidence evidence) {
        this.evidence = evidence;
        evidence.teams().forEach(team -> teams.put(team.id(), team));
        evidence.standings().forEach(standing -> standings.put(standing.team(), standing));
        var ours = evidence.bill().stream()
                .filter(billed -> teams.containsKey(billed.team()))
                .toList();
        billsOf = ours.stream().collect(groupingBy(Billed::team));
        billOf = ours.stream().collect(groupingBy(Billed::mark, summingLong(Billed::nanos)));
        booksOf = evidence.books().stream()
                .filter(booked -> teams.containsKey(Team.of(booked.mark())))
                .collect(groupingBy(Booked::mark));
    }

    static Figures check(Evidence evidence) {
        return new Checker(evidence).figures();
    }

    private Figures figures() {
        var overruns = evidence.teams().stream()
                .filter(team -> !team.kind().strict())
                .map(this::overrun)
                .toList();
        var wide = evidence.outcomes().stream()
                .filter(outcome -> kind(outcome.team()) == Team.Kind.WIDE)
                .toList();
        return new Figures(
                evidence.outcomes().size(),
                billOf.size(),
                0,
                strictOverspend(),
                overruns.stream().reduce(Overrun.NONE, Overrun::plus),
                overruns.stream().mapToLong(Overrun::beyond).sum(),
                evidence.keepsBooks()
                        ? overruns.stream().mapToLong(Overrun::untold).sum()
                        : 0,
                lost(),
                doubled(),
                booksOf.values().stream().filter(Checker::differ).count(),
                mispriced(),
                evidence.standings().stream().mapToLong(Standing::held).sum(),
                evidence.standings().stream().mapToLong(Standing::absent).sum(),
                evidence.absentHeld(),
                wide.stream().filter(this::isFalseDenial).count(),
                wide.stream().filter(this::isFalseCut).count(),
                booksOf.values().stream()
                        .filter(books -> books.getFirst().ending() == Ending.CUT)
                        .count(),
                wide.size(),
                secondsWithoutQuorum(),
                longestPause(),
                refusals());
    }

    private Team.Kind kind(String team) {
        var known = teams.get(team);
        return known == null ? Team.Kind.BREATHING : known.kind();
    }

    private long billed(Team team) {
        return billsOf.getOrDefault(team.id(), List.of()).stream()
                .mapToLong(Billed::nanos)
                .sum();
    }

    private long strictOverspend() {
        return evidence.teams().stream()
                .filter(team -> team.kind().strict())
                .mapToLong(team -> Math.max(0, billed(team) - team.limit().nanos()))
                .sum();
    }

    private Overrun overrun(Team team) {
        long nanos = billed(team) - team.limit().nanos();
        if (nanos <= 0) {
            return Overrun.NONE;
        }
        var bills = billsOf.getOrDefault(team.id(), List.of());
        long unknown = bills.stream()
                .map(Billed::mark)
                .distinct()
                .mapToLong(this::billedAboveEstimate)
                .sum();
        long limit = reached(bills, team.limit().nanos());
        // Without a quorum nobody is let in, and calls end long before their sum meets the limit.
        long last = bills.stream().mapToLong(Billed::begun).max().orElse(limit);
        long margin = evidence.settlesWithin().toMillis();
        long hidden = bills.stream()
                .filter(billed -> billed.begun() <= limit + margin
                        && billed.ended() >= Math.min(limit, last) - margin
                        && isKnown(billed.mark()))
                .mapToLong(Billed::hidden)
                .sum();
        long told = booksOf.values().stream()
                .map(List::getFirst)
                .filter(booked -> Team.of(booked.mark()).equals(team.id()))
                .mapToLong(Booked::overrun)
                .sum();
        return new Overrun(nanos, unknown, hidden, told);
    }

    /// The moment at which the answers that are over cost as much as the limit, as far as the gateway can know.
    private long reached(List<Billed> bills, long limit) {
        long sum = 0;
        long last = 0;
        for (var billed :
                bills.stream().sorted(Comparator.comparingLong(Billed::ended)).toList()) {
            sum += isKnown(billed.mark()) ? billed.nanos() : estimate(billed.mark());
            last = billed.ended();
            if (sum >= limit) {
                return last;
            }
        }
        return last;
    }

    private boolean isKnown(String mark) {
        return booksOf.getOrDefault(mark, List.of()).stream().allMatch(Booked::known);
    }

    private long billedAboveEstimate(String mark) {
        return isKnown(mark) ? 0 : Math.max(0, billOf.getOrDefault(mark, 0L) - estimate(mark));
    }

    private long estimate(String mark) {
        return booksOf.getOrDefault(mark, List.of()).stream()
                .mapToLong(Booked::cost)
                .max()
                .orElse(0);
    }

    /// What the provider bills: without a receipt, above what a strict budget was charged, or above what a call with a
    /// known usage cost; and what the receipts charge and the ledger does not have.
    private long lost() {
        if (!evidence.keepsBooks()) {
            return evidence.teams().stream()
                    .mapToLong(team -> Math.max(0, billed(team) - spent(team)))
                    .sum();
        }
        long calls = billOf.entrySet().stream()
                .mapToLong(bill -> lost(bill.getKey(), bill.getValue()))
                .sum();
        long totals = evidence.teams().stream()
                .mapToLong(team -> Math.max(0, charged(team) - spent(team)))
                .sum();
        return calls + totals;
    }

    private long lost(String mark, long nanos) {
        var books = booksOf.get(mark);
        if (books == null) {
            return nanos;
        }
        var kind = kind(Team.of(mark));
        long charged =
                books.stream().mapToLong(booked -> booked.charged(kind)).max().orElse(0);
        return kind.strict() ? Math.max(0, nanos - charged) : 0;
    }

    private long doubled() {
        return !evidence.keepsBooks()
                ? 0
                : evidence.teams().stream()
                        .mapToLong(team -> Math.max(0, spent(team) - charged(team)))
                        .sum();
    }

    private long mispriced() {
        return booksOf.entrySet().stream()
                .filter(books -> books.getValue().size() == 1 && isKnown(books.getKey()))
                .mapToLong(
                        books -> Math.abs(books.getValue().getFirst().cost() - billOf.getOrDefault(books.getKey(), 0L)))
                .sum();
    }

    private long spent(Team team) {
        var standing = standings.get(team.id());
        return standing == null ? 0 : standing.spent();
    }

    /// What the receipts charge; of a call that has two, one.
    private long charged(Team team) {
        return booksOf.entrySet().stream()
                .filter(books -> Team.of(books.getKey()).equals(team.id()))
                .mapToLong(books -> books.getValue().getFirst().charged(team.kind()))
                .sum();
    }

    private static boolean differ(List<Booked> books) {
        return books.size() > 1;
    }

    private boolean isFalseDenial(Outcome outcome) {
        var team = teams.get(outcome.team());
        if (team == null || outcome.status() != 402) {
            return false;
        }
        return isLow(team, outcome.told());
    }

    /// A stream that was ended although the budget was far from used up.
    private boolean isFalseCut(Outcome outcome) {
        var team = teams.get(outcome.team());
        boolean cut = booksOf.getOrDefault(outcome.mark(), List.of()).stream().anyMatch(Booked::refusedMore);
        return team != null
                && cut
                && isLow(
                        team,
                        billsOf.getOrDefault(team.id(), List.of()).stream()
                                .filter(billed -> billed.mark().equals(outcome.mark()))
                                .mapToLong(Billed::ended)
                                .max()
                                .orElse(outcome.told()));
    }

    private boolean isLow(Team team, long at) {
        long begun = billsOf.getOrDefault(team.id(), List.of()).stream()
                .filter(billed -> billed.begun() <= at)
                .mapToLong(Billed::nanos)
                .sum();
        return begun * 100 < team.limit().nanos() * LOW;
    }

    private long secondsWithoutQuorum() {
        var admitted = billsOf.values().stream()
                .flatMap(List::stream)
                .map(billed -> billed.begun() / 1_000)
                .collect(Collectors.toCollection(HashSet::new));
        return evidence.outcomes().stream()
                .filter(outcome -> outcome.status() == 503)
                .map(outcome -> outcome.told() / 1_000)
                .distinct()
                .filter(second -> !admitted.contains(second))
                .count();
    }

    private long longestPause() {
        var times = billsOf.values().stream()
                .flatMap(List::stream)
                .mapToLong(Billed::begun)
                .sorted()
                .toArray();
        long longest = 0;
        for (int i = 1; i < times.length; i++) {
            longest = Math.max(longest, times[i] - times[i - 1]);
        }
        return longest;
    }

    /// What callers were told of whom the provider was not asked, or that nobody answered.
    private Map<String, Long> refusals() {
        return evidence.outcomes().stream()
                .filter(outcome ->
                        outcome.status() == 0 || (outcome.status() >= 400 && !billOf.containsKey(outcome.mark())))
                .collect(groupingBy(Outcome::why, TreeMap::new, Collectors.counting()));
    }
}
