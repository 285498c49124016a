package com.posthog.aigateway.proof;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import com.posthog.aigateway.proof.RollCall.Kind;
import com.posthog.aigateway.proof.RollCall.Miss;
import com.posthog.aigateway.proof.RollCall.Why;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What a rolling restart did, in words and figures, and which promise it broke.
final class RollReport {

    private static final double MILLIS = 1_000;
    private static final List<Integer> REFUSALS = List.of(402, 429);

    private final RollEvidence evidence;
    private final RollBooks books;
    private final RollLimits limits;

    RollReport(RollEvidence evidence) {
        this.evidence = evidence;
        this.books = RollBooks.of(evidence);
        this.limits = RollLimits.of(evidence);
    }

    /// The promises that were broken; empty where a roll breaks nothing.
    List<String> wrong() {
        var wrong = new ArrayList<String>();
        for (var departure : evidence.departures()) {
            if (departure.exit() != 0) {
                wrong.add("replica " + departure.replica() + " ended with " + departure.exit());
            }
        }
        tell(wrong, "answers that broke", it -> !it.broken().isEmpty());
        tell(wrong, "calls that nobody answered", it -> it.status() == 0);
        tell(wrong, "calls that were refused for no reason", this::isRefusedForNoReason);
        long kept = misses(_ -> true).stream()
                .filter(miss -> miss.why() == Why.REFUSED && !miss.closes())
                .count();
        if (kept > 0) {
            wrong.add("503 without 'Connection: close': " + kept);
        }
        wrong.addAll(limits.wrong(evidence.plan()));
        wrong.addAll(books.wrong());
        return wrong;
    }

    private boolean isRefusedForNoReason(RollCall call) {
        return call.status() != 0
                && !call.isServed()
                && !(call.kind() == Kind.LIMITED && REFUSALS.contains(call.status()));
    }

    private void tell(List<String> wrong, String what, Predicate<RollCall> is) {
        var found = evidence.calls().stream().filter(is).toList();
        if (!found.isEmpty()) {
            wrong.add(what + ": " + found.size() + ", the first " + found.getFirst());
        }
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        if (!evidence.departures().isEmpty()) {
            lines.add("Before, for comparison");
            lines.add("  "
                    + meanwhile(
                            evidence.begun(), evidence.departures().getFirst().signal()));
        }
        evidence.departures().forEach(departure -> lines.addAll(lines(departure)));
        lines.add("All in all");
        lines.add("  " + streams());
        lines.add("  " + served());
        lines.add("  by a balancer that asks /ready five times a second: " + misses(Kind.STREAM, Kind.NEW));
        lines.add("  by one that may know nothing for " + evidence.plan().late().toSeconds() + " s: "
                + misses(Kind.NEW_BY_A_SLOW_BALANCER));
        limits.lines(evidence.plan()).forEach(line -> lines.add("  " + line));
        books.lines().forEach(line -> lines.add("  " + line));
        return lines;
    }

    private List<String> lines(Departure departure) {
        long streams = evidence.calls().stream()
                .filter(call -> call.kind() == Kind.STREAM && call.replica() == departure.replica())
                .filter(call -> call.answered() <= departure.signal() && call.ended() > departure.signal())
                .count();
        return List.of(
                "Replica " + departure.replica() + " (it decided " + departure.decided() + " of " + departure.ledgers()
                        + " ledgers)",
                "  not ready " + departure.notReady() + " ms after the signal; " + departure.open()
                        + " calls were open, among them " + streams + " long streams",
                "  they had ended after " + seconds(departure.drained()) + "; settled, delivered and left "
                        + seconds(departure.shut()) + " later; exit " + departure.exit(),
                "  started again, and ready after " + seconds(departure.started()),
                "  " + meanwhile(departure.signal(), departure.back()));
    }

    private String meanwhile(long from, long until) {
        var calls = evidence.calls().stream()
                .filter(call -> call.at() >= from && call.at() <= until)
                .filter(call -> call.kind() != Kind.LIMITED && call.isServed())
                .toList();
        return "in " + seconds(until - from) + " " + calls.size() + " new calls were answered; " + waits(calls)
                + "; the longest time without an admission was " + pause(from, until) + " ms";
    }

    private static String waits(List<RollCall> calls) {
        var waits = calls.stream()
                .filter(call -> call.kind() != Kind.NEW_BY_A_SLOW_BALANCER)
                .mapToLong(RollCall::waited)
                .sorted()
                .toArray();
        if (waits.length == 0) {
            return "nobody waited";
        }
        return "half began within " + waits[waits.length / 2] + " ms, the last after " + waits[waits.length - 1]
                + " ms";
    }

    private long pause(long from, long until) {
        var times = evidence.bill().stream()
                .mapToLong(Billed::begun)
                .filter(time -> time >= from && time <= until)
                .sorted()
                .toArray();
        long last = from;
        long longest = 0;
        for (long time : times) {
            longest = Math.max(longest, time - last);
            last = time;
        }
        return Math.max(longest, until - last);
    }

    private String streams() {
        var lengths = evidence.served().stream()
                .filter(call -> call.kind() == Kind.STREAM)
                .mapToLong(call -> call.ended() - call.at())
                .sorted()
                .toArray();
        long broken = evidence.calls().stream()
                .filter(call -> call.kind() == Kind.STREAM && !call.broken().isEmpty())
                .count();
        return lengths.length + " long streams, half of them of " + seconds(median(lengths)) + " or more; broken "
                + broken;
    }

    private static long median(long... sorted) {
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    private String served() {
        var by = evidence.served().stream().collect(groupingBy(RollCall::replica, TreeMap::new, counting()));
        return "calls answered: "
                + by.entrySet().stream()
                        .map(it -> it.getValue() + " by replica " + it.getKey())
                        .collect(Collectors.joining(", "));
    }

    private String misses(Kind... kinds) {
        var some = evidence.calls().stream()
                .filter(call -> Arrays.asList(kinds).contains(call.kind()))
                .toList();
        var missed = some.stream().filter(call -> !call.misses().isEmpty()).toList();
        var why = misses(call -> Arrays.asList(kinds).contains(call.kind()));
        long waited = missed.stream().mapToLong(RollCall::waited).max().orElse(0);
        return some.size() + " calls; met 503 " + count(why, Why.REFUSED) + ", a refused connection "
                + count(why, Why.UNREACHABLE) + ", one that ended " + count(why, Why.RESET)
                + (missed.isEmpty()
                        ? ""
                        : "; " + missed.stream().filter(RollCall::isServed).count() + " of " + missed.size()
                                + " were answered elsewhere, the last after " + seconds(waited));
    }

    private List<Miss> misses(Predicate<RollCall> of) {
        return evidence.calls().stream()
                .filter(of)
                .flatMap(call -> call.misses().stream())
                .toList();
    }

    private static long count(List<Miss> misses, Why why) {
        return misses.stream().filter(miss -> miss.why() == why).count();
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / MILLIS);
    }
}
