package com.posthog.aigateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.proof.RollCall.Kind;
import com.posthog.aigateway.proof.RollCall.Miss;
import com.posthog.aigateway.proof.RollCall.Why;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each promise, broken once: the report must say so.
class RollReportTest {

    private static final RollPlan PLAN = new RollPlan(
            Path.of("."),
            1,
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            2,
            2,
            60,
            Duration.ofSeconds(1),
            Duration.ofSeconds(6));
    private static final Team WIDE = RollTeams.WIDE.getFirst();

    private final List<RollCall> calls = new ArrayList<>();
    private final List<Billed> bill = new ArrayList<>();
    private final List<Booked> books = new ArrayList<>();
    private final List<String> delivered = new ArrayList<>();
    private int exit;
    private long held;
    private long more;

    /// Four seconds in which all goes well.
    private void allGoesWell() {
        serve(WIDE, 1, Kind.STREAM, 0, 5_000);
        serve(RollTeams.COUNTED, 2, Kind.LIMITED, 0, 100);
        serve(RollTeams.COUNTED, 3, Kind.LIMITED, 0, 100);
        serve(RollTeams.PLACES, 4, Kind.LIMITED, 0, 1_000);
        serve(RollTeams.PLACES, 5, Kind.LIMITED, 500, 1_500);
        serve(RollTeams.PLACES, 6, Kind.LIMITED, 1_000, 2_000);
        refuse(RollTeams.RATED, 7, 0, 429);
        serve(RollTeams.RATED, 8, Kind.LIMITED, 1_000, 1_010);
        serve(RollTeams.RATED, 9, Kind.LIMITED, 2_000, 2_010);
        serve(RollTeams.RATED, 10, Kind.LIMITED, 3_000, 3_010);
        refuse(RollTeams.RATED, 11, 3_500, 429);
    }

    private void serve(Team team, long number, Kind kind, long from, long until) {
        calls.add(call(team, number, kind, from, until, 200, List.of(), ""));
        bill.add(billed(team, number, from, until));
        books.add(booked(team, number));
        delivered.add("id" + number);
    }

    private void refuse(Team team, long number, long at, int status) {
        calls.add(call(team, number, Kind.LIMITED, at, at, status, List.of(), ""));
        books.add(new Booked(team.mark(number), "id" + number, Ending.COMPLETE, false, 0, 0, 0, true));
    }

    private static RollCall call(
            Team team, long number, Kind kind, long from, long until, int status, List<Miss> misses, String broken) {
        return new RollCall(team.mark(number), kind, from, from, until, status, 1, "id" + number, misses, broken);
    }

    private static Billed billed(Team team, long number, long from, long until) {
        return new Billed(number, team.mark(number), from, until, true, 200, true, 10, 10);
    }

    private static Booked booked(Team team, long number) {
        return new Booked(team.mark(number), "id" + number, Ending.COMPLETE, false, 10, 0, 0, true);
    }

    private List<String> wrong() {
        var standings = RollTeams.all().stream()
                .map(team -> new Standing(
                        team.id(),
                        1_000,
                        bill.stream()
                                        .filter(it -> it.team().equals(team.id()))
                                        .mapToLong(Billed::nanos)
                                        .sum()
                                + (team.equals(WIDE) ? more : 0),
                        team.equals(WIDE) ? held : 0,
                        0))
                .toList();
        var departure = new Departure(1, 1, 3, 0, 4_000, 5, 3, 1_000, 500, exit, 2_000);
        return new RollReport(new RollEvidence(PLAN, 0, calls, bill, books, delivered, standings, List.of(departure)))
                .wrong();
    }

    @Test
    void saysNothingWhereAllGoesWell() {
        allGoesWell();

        assertThat(wrong()).isEmpty();
    }

    @Test
    void seesAnAnswerThatBroke() {
        allGoesWell();
        calls.set(0, call(WIDE, 1, Kind.STREAM, 0, 9, 200, List.of(), "it broke off"));

        assertThat(wrong()).singleElement().asString().startsWith("answers that broke: 1");
    }

    @Test
    void seesACallThatNobodyAnswered() {
        allGoesWell();
        calls.add(call(WIDE, 20, Kind.NEW, 0, 9, 0, List.of(), ""));

        assertThat(wrong()).singleElement().asString().startsWith("calls that nobody answered: 1");
    }

    @Test
    void seesACallThatIsRefusedForNoReason() {
        allGoesWell();
        calls.add(call(WIDE, 20, Kind.NEW, 0, 9, 429, List.of(), ""));
        calls.add(call(RollTeams.RATED, 21, Kind.LIMITED, 0, 9, 500, List.of(), ""));

        assertThat(wrong()).singleElement().asString().startsWith("calls that were refused for no reason: 2");
    }

    @Test
    void seesARefusalThatKeepsItsConnection() {
        allGoesWell();
        calls.set(0, call(WIDE, 1, Kind.NEW, 0, 9, 200, List.of(new Miss(Why.REFUSED, 2, false)), ""));

        assertThat(wrong()).singleElement().asString().startsWith("503 without 'Connection: close': 1");
    }

    @Test
    void seesAReplicaThatEndsBadly() {
        allGoesWell();
        exit = 143;

        assertThat(wrong()).containsExactly("replica 1 ended with 143");
    }

    @Test
    void seesAReceiptThatIsLost() {
        allGoesWell();
        books.removeFirst();

        assertThat(wrong()).anyMatch(it -> it.startsWith("calls without a receipt: 1"));
    }

    @Test
    void seesAReceiptThatIsDouble() {
        allGoesWell();
        books.add(booked(WIDE, 1));

        assertThat(wrong()).anyMatch(it -> it.startsWith("calls with two receipts: 1"));
    }

    @Test
    void seesAnEventThatIsMissing() {
        allGoesWell();
        delivered.removeFirst();

        assertThat(wrong()).containsExactly("calls without an event: 1");
    }

    @Test
    void seesACallThatIsBilledAndThatNobodySaw() {
        allGoesWell();
        bill.add(billed(WIDE, 20, 0, 9));
        books.add(booked(WIDE, 20));

        assertThat(wrong())
                .contains(
                        "receipts of calls that nobody saw: 1",
                        "calls that the provider and the callers disagree on: 1");
    }

    @Test
    void seesANanoDollarThatIsChargedTooMuch() {
        allGoesWell();
        more = 1;

        assertThat(wrong()).containsExactly("bill, receipts and ledger are apart by $0.000000001");
    }

    @Test
    void seesWhatIsStillHeld() {
        allGoesWell();
        held = 1;

        assertThat(wrong()).containsExactly("still held: $0.000000001");
    }

    @Test
    void seesOneCallTooManyOfABudget() {
        allGoesWell();
        serve(RollTeams.COUNTED, 20, Kind.LIMITED, 0, 100);

        assertThat(wrong()).containsExactly("a budget for 2 calls let 3 through");
    }

    @Test
    void seesOneCallTooManyAtOnce() {
        allGoesWell();
        serve(RollTeams.PLACES, 20, Kind.LIMITED, 999, 1_001);

        assertThat(wrong()).containsExactly("a limit of 2 calls at once let 3 run at once");
    }

    @Test
    void seesARateThatIsExceeded() {
        allGoesWell();
        for (int number = 20; number < 24; number++) {
            serve(RollTeams.RATED, number, Kind.LIMITED, 2_500, 2_510);
        }

        assertThat(wrong()).singleElement().asString().startsWith("a limit of 60 calls a minute let 7 to 7 through");
    }

    @Test
    void seesARateThatStarves() {
        calls.clear();
        allGoesWell();
        refuse(RollTeams.RATED, 20, 9_000, 429);

        assertThat(wrong()).singleElement().asString().startsWith("a limit of 60 calls a minute let 3 to 3 through");
    }
}
