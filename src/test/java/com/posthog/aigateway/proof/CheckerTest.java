package com.posthog.aigateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Money;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckerTest {

    private static final Team STRICT = new Team("s", Team.Kind.STRICT, "24h", new Money(100));
    private static final Team WIDE = new Team("w", Team.Kind.WIDE, "24h", new Money(100));

    @TempDir
    Path folder;

    @Test
    void findsNothingWhereEverythingAddsUp() {
        var figures = check(
                STRICT,
                List.of(told(1, 200), told(2, 402)),
                List.of(bill(STRICT, 1, 0, 9, 60, 60)),
                List.of(book(STRICT, 1, 60, true), book(STRICT, 2, 0, true)),
                60,
                0);

        assertThat(figures.wrong()).isEmpty();
        assertThat(figures.asked()).isEqualTo(2);
        assertThat(figures.admitted()).isEqualTo(1);
        assertThat(figures.refusals()).containsOnlyKeys("402 no");
    }

    @Test
    void findsWhatAStrictBudgetIsOverspentBy() {
        var bills = List.of(bill(STRICT, 1, 0, 9, 60, 60), bill(STRICT, 2, 0, 9, 45, 45));
        var books = List.of(book(STRICT, 1, 60, true), book(STRICT, 2, 45, true));

        assertThat(check(STRICT, List.of(), bills, books, 105, 0).strictOverspend())
                .isEqualTo(5);
    }

    @Test
    void findsSpendThatNobodyKnowsOf() {
        var bills = List.of(bill(STRICT, 1, 0, 9, 60, 60), bill(STRICT, 2, 0, 9, 7, 7));
        var books = List.of(book(STRICT, 1, 60, true));

        assertThat(check(STRICT, List.of(), bills, books, 60, 0).lost()).isEqualTo(7);
        assertThat(check(STRICT, List.of(), bills, books, 59, 0).lost()).isEqualTo(8);
        assertThat(check(STRICT, List.of(), bills, books, 69, 0).doubled()).isEqualTo(9);
    }

    @Test
    void findsAStrictCallThatIsChargedLessThanItsBill() {
        var bills = List.of(bill(STRICT, 1, 0, 9, 60, 60));
        var books = List.of(new Booked(STRICT.mark(1), "1", Ending.ABANDONED, false, 20, 0, 30, false));

        assertThat(check(STRICT, List.of(), bills, books, 50, 0).lost()).isEqualTo(10);
    }

    @Test
    void findsACallWithTwoReceiptsAndAWrongPrice() {
        var bills = List.of(bill(STRICT, 1, 0, 9, 60, 60), bill(STRICT, 2, 0, 9, 3, 3));
        var books = List.of(
                book(STRICT, 1, 60, true),
                new Booked(STRICT.mark(1), "b", Ending.COMPLETE, false, 60, 0, 0, true),
                book(STRICT, 2, 4, true));

        var figures = check(STRICT, List.of(), bills, books, 64, 0);

        assertThat(figures.twice()).isEqualTo(1);
        assertThat(figures.mispriced()).isEqualTo(1);
    }

    @Test
    void findsHoldsAtRest() {
        assertThat(check(STRICT, List.of(), List.of(), List.of(), 0, 12).wrong())
                .containsExactly("holds at rest: $0.000000012");
    }

    @Test
    void allowsABreathingBudgetWhatNoStreamShowsAtTheLimit() {
        var bills = List.of(
                bill(WIDE, 1, 0, 10_000, 95, 10),
                bill(WIDE, 2, 9_000, 20_000, 50, 10),
                bill(WIDE, 3, 30_000, 40_000, 8, 0));
        var books = List.of(book(WIDE, 1, 95, true), book(WIDE, 2, 50, true), book(WIDE, 3, 6, false));

        var figures = check(WIDE, List.of(), bills, books, 151, 0);

        assertThat(figures.breathing()).isEqualTo(new Overrun(53, 2, 40, 0));
        assertThat(figures.untold()).isEqualTo(51);
        assertThat(figures.beyondFormula()).isEqualTo(11);
    }

    /// What an unknown usage costs is no secret to the provider, and one to whoever judges the budget.
    @Test
    void takesTheLimitAsReachedWhenTheGatewayCanKnow() {
        var bills = List.of(
                bill(WIDE, 1, 0, 1_000, 95, 1), // its usage was lost, and 5 were guessed
                bill(WIDE, 2, 2_000, 3_000, 90, 90),
                bill(WIDE, 3, 20_000, 21_000, 40, 10));
        var books = List.of(book(WIDE, 1, 5, false), book(WIDE, 2, 90, true), book(WIDE, 3, 40, true));

        var figures = check(WIDE, List.of(), bills, books, 135, 0);

        assertThat(figures.breathing()).isEqualTo(new Overrun(125, 90, 30, 0));
        assertThat(figures.beyondFormula()).isEqualTo(5);
    }

    @Test
    void countsADenialAsFalseWhileLittleIsSpent() {
        var bills = List.of(bill(WIDE, 1, 0, 9, 50, 50), bill(WIDE, 2, 500, 600, 45, 45));
        var early = new Outcome(WIDE.mark(3), 90, 100, 402, "no");
        var late = new Outcome(WIDE.mark(4), 590, 600, 402, "no");
        var books = List.of(book(WIDE, 1, 50, true), book(WIDE, 2, 45, true));

        assertThat(check(WIDE, List.of(early, late), bills, books, 95, 0).falselyDenied())
                .isEqualTo(1);
    }

    @Test
    void countsAStreamThatIsCutWhileLittleIsSpent() {
        var bills = List.of(bill(WIDE, 1, 0, 9, 50, 50), bill(WIDE, 2, 500, 600, 45, 45));
        var books = List.of(cut(1, 50), cut(2, 45));
        var told = List.of(new Outcome(WIDE.mark(1), 0, 1, 200, ""), new Outcome(WIDE.mark(2), 500, 501, 200, ""));

        var figures = check(WIDE, told, bills, books, 95, 0);

        assertThat(figures.falselyCut()).isEqualTo(1);
        assertThat(figures.wrong()).containsExactly("false denials: 0, and streams cut: 1, of 2");
    }

    private static Booked cut(long call, long cost) {
        return new Booked(WIDE.mark(call), Long.toString(call), Ending.CUT, true, cost, 0, 0, false);
    }

    @Test
    void countsSecondsInWhichNobodyIsAdmitted() {
        var outcomes =
                List.of(at(1_100, 503), at(2_100, 503), at(2_900, 503), at(3_100, 503), at(3_200, 402), at(4_000, 200));
        var bills = List.of(bill(STRICT, 1, 900, 950, 1, 1), bill(STRICT, 2, 3_900, 3_950, 1, 1));
        var books = List.of(book(STRICT, 1, 1, true), book(STRICT, 2, 1, true));

        var figures = check(STRICT, outcomes, bills, books, 2, 0);

        assertThat(figures.withoutQuorum()).isEqualTo(2);
        assertThat(figures.longestPause()).isEqualTo(3_000);
    }

    @Test
    void readsTheLastLineOfEachRequest() throws IOException {
        var file = Files.writeString(folder.resolve("bill"), """
                {"n":1,"mark":"money-a-b-7","at":5,"final":false,"status":200,"stream":true,"nanos":3,"shown":3}
                {"n":2,"mark":"x","at":6,"final":false,"status":200,"stream":true,"nanos":4,"shown":3}
                {"n":1,"mark":"money-a-b-7","at":9,"final":true,"status":200,"stream":true,"nanos":8,"shown":6}
                {"n":3,"mark""");

        var bill = Billed.read(file);

        assertThat(bill).hasSize(2);
        assertThat(bill.getFirst()).isEqualTo(new Billed(1, "money-a-b-7", 5, 9, true, 200, true, 8, 6));
        assertThat(bill.getFirst().team()).isEqualTo("a-b");
        assertThat(bill.getFirst().hidden()).isEqualTo(2);
    }

    private static Figures check(
            Team team, List<Outcome> outcomes, List<Billed> bills, List<Booked> books, long spent, long held) {
        var standing = new Standing(team.id(), 100, spent, held, 0);
        return Checker.check(
                new Evidence(List.of(team), outcomes, bills, true, books, List.of(standing), 0, Duration.ofSeconds(2)));
    }

    private static Outcome told(long call, int status) {
        return new Outcome(STRICT.mark(call), 0, 1, status, status == 200 ? "" : "no");
    }

    private static Outcome at(long time, int status) {
        return new Outcome(STRICT.mark(time), time, time, status, "");
    }

    private static Billed bill(Team team, long call, long begun, long ended, long nanos, long shown) {
        return new Billed(call, team.mark(call), begun, ended, true, 200, true, nanos, shown);
    }

    private static Booked book(Team team, long call, long cost, boolean known) {
        return new Booked(team.mark(call), Long.toString(call), Ending.COMPLETE, false, cost, 0, 0, known);
    }
}
