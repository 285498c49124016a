package com.posthog.aigateway.admit;

import static com.posthog.aigateway.admit.Root.ADA;
import static com.posthog.aigateway.admit.Root.BEGIN;
import static com.posthog.aigateway.admit.Root.EPOCH;
import static com.posthog.aigateway.admit.Root.GONE;
import static com.posthog.aigateway.admit.Root.HERE;
import static com.posthog.aigateway.admit.Root.TEAM;
import static com.posthog.aigateway.admit.Root.cap;
import static com.posthog.aigateway.admit.Root.claim;
import static com.posthog.aigateway.admit.Root.limited;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnterTest {

    private final Root root = new Root();

    @Test
    void holdsUpToTheCapAndNoMore() {
        assertThat(root.enter(1, claim(TEAM, 6, cap(Window.DAY, 10)))).isInstanceOf(Answer.Granted.class);
        assertThat(root.enter(2, claim(TEAM, 5, cap(Window.DAY, 10)))).isInstanceOf(Answer.Denied.class);
        assertThat(root.enter(3, claim(TEAM, 4, cap(Window.DAY, 10)))).isInstanceOf(Answer.Granted.class);
        assertThat(root.held()).isEqualTo(10);
    }

    @Test
    void takesAllOrNone() {
        var before = Dump.of(root.entry);
        var requests = new Rate(Rate.Kind.REQUESTS, 5, Mode.ENFORCE);

        var answer = root.enter(
                1,
                limited(TEAM, requests, new Rate(Rate.Kind.TOKENS, 100, Mode.ENFORCE)),
                claim(TEAM, 6, cap(Window.DAY, 10)),
                claim(ADA, 6, cap(Window.DAY, 5)));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Denied.class,
                        denied -> assertThat(denied.denial().account()).isEqualTo(ADA));
        assertThat(Dump.of(root.entry)).isEqualTo(before);
    }

    @Test
    void leavesNothingWhenRefusedByAnEntryThatKnowsTheCaller() {
        var requests = new Rate(Rate.Kind.REQUESTS, 2, Mode.ENFORCE);
        root.enter(1, limited(TEAM, requests));
        root.enter(2, limited(TEAM, requests));
        var before = Dump.of(root.entry);
        root.now += 10;

        assertThat(root.enter(3, limited(TEAM, requests))).isInstanceOf(Answer.Denied.class);
        assertThat(root.enter(4, limited(TEAM, new Rate(Rate.Kind.REQUESTS, 1, Mode.ENFORCE))))
                .isInstanceOf(Answer.Denied.class);

        assertThat(Dump.of(root.entry)).isEqualTo(before);
    }

    @Test
    void onlyTellsWhatAShadowWouldRefuse() {
        var answer = root.enter(1, claim(TEAM, 6, new Cap(Window.DAY, 5, Mode.SHADOW), cap(Window.MONTH, 10)));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Granted.class,
                        granted -> assertThat(granted.shadowed())
                                .extracting(Denial::what)
                                .containsExactly("day"));
        assertThat(root.held()).isEqualTo(6);
    }

    @Test
    void setsTheAmountOfALaterStepAndNeverAdds() {
        root.enter(1, claim(TEAM, 4, cap(Window.DAY, 10)));

        root.enter(1, 2, BEGIN, claim(TEAM, 7, cap(Window.DAY, 10)));
        root.enter(1, 2, BEGIN, claim(TEAM, 7, cap(Window.DAY, 10)));
        root.enter(1, 1, 0, claim(TEAM, 4, cap(Window.DAY, 10)));

        assertThat(root.held()).isEqualTo(7);
    }

    @Test
    void keepsTheOldAmountWhereGrowthIsRefused() {
        root.enter(1, claim(TEAM, 4, cap(Window.DAY, 10)));
        root.enter(2, claim(TEAM, 4, cap(Window.DAY, 10)));

        assertThat(root.enter(1, 2, BEGIN, claim(TEAM, 7, cap(Window.DAY, 10)))).isInstanceOf(Answer.Denied.class);
        assertThat(root.held()).isEqualTo(8);
    }

    @Test
    void takesRatesOnce() {
        var rate = new Rate(Rate.Kind.REQUESTS, 2, Mode.ENFORCE);
        root.enter(1, limited(TEAM, rate));
        root.enter(1, limited(TEAM, rate));
        root.enter(1, 2, BEGIN, limited(TEAM, rate));

        assertThat(root.enter(2, limited(TEAM, rate))).isInstanceOf(Answer.Granted.class);
        assertThat(root.enter(3, limited(TEAM, rate))).isInstanceOf(Answer.Denied.class);
    }

    /// What a restored entry holds of another is more than the cap allows: then its own hold does not help it.
    @Test
    void judgesAgainWhatAlreadyHasItsHold() {
        root.entry.put(new HoldId(EPOCH, 1), new Entry.Hold(1, BEGIN, HERE, Map.of(TEAM, 6L), List.of(), 0));
        root.entry.put(new HoldId(EPOCH, 2), new Entry.Hold(1, BEGIN, HERE, Map.of(TEAM, 6L), List.of(), 0));

        assertThat(root.enter(1, claim(TEAM, 6, cap(Window.DAY, 10)))).isInstanceOf(Answer.Denied.class);

        root.settle(2, 4, Window.DAY);
        assertThat(root.enter(1, claim(TEAM, 6, cap(Window.DAY, 10)))).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void countsPlacesOfLivingProcessesOnly() {
        var rate = new Rate(Rate.Kind.CONCURRENT, 2, Mode.ENFORCE);
        root.entry.put(new HoldId(9, 1), new Entry.Hold(1, BEGIN, GONE, Map.of(), List.of(TEAM), 0));
        root.enter(1, limited(TEAM, rate));

        assertThat(root.enter(2, limited(TEAM, rate))).isInstanceOf(Answer.Granted.class);
        assertThat(root.enter(3, limited(TEAM, rate))).isInstanceOf(Answer.Denied.class);

        root.settle(1, 0, Window.DAY);
        assertThat(root.enter(3, limited(TEAM, rate))).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void refusesWhatIsFinishedOrOfAClosedEpoch() {
        root.run(Root.statement(EPOCH, 3, 2L));
        root.run(Root.last(72));

        assertThat(root.enter(1, claim(TEAM, 1))).isEqualTo(new Answer.Over(false));
        assertThat(root.enter(2, claim(TEAM, 1))).isInstanceOf(Answer.Granted.class);
        assertThat(root.enter(4, claim(TEAM, 1))).isInstanceOf(Answer.Granted.class);
        assertThat(root.run(new Enter(new HoldId(72, 9), 1, 0, HERE, List.of(), 0)))
                .isEqualTo(new Answer.Over(true));
    }

    /// After midnight, what was granted before it grows in the day before.
    @Test
    void growsInTheWindowOfItsOwnBucket() {
        root.now = Instant.parse("2026-02-28T23:59:00Z").toEpochMilli();
        long at = root.now;
        root.enter(1, claim(TEAM, 4, cap(Window.MONTH, 10)));
        root.enter(2, claim(TEAM, 4, cap(Window.MONTH, 10)));
        root.now += Duration.ofMinutes(2).toMillis();
        root.enter(3, claim(TEAM, 9, cap(Window.MONTH, 10)));

        assertThat(root.enter(1, 2, at, claim(TEAM, 6, cap(Window.MONTH, 10)))).isInstanceOf(Answer.Granted.class);
        assertThat(root.enter(2, 2, at, claim(TEAM, 6, cap(Window.MONTH, 10)))).isInstanceOf(Answer.Denied.class);
    }

    /// Its process may have seen the grant that this entry has not: any bucket may be charged.
    @Test
    void countsAnUnseenGrantInEveryWindow() {
        root.entry.put(
                new HoldId(EPOCH, 1), new Entry.Hold(1, Entry.Hold.ANY_TIME, HERE, Map.of(TEAM, 6L), List.of(), 0));

        root.now += Duration.ofDays(40).toMillis();

        assertThat(root.enter(2, claim(TEAM, 5, cap(Window.DAY, 10)))).isInstanceOf(Answer.Denied.class);
        assertThat(root.enter(1, claim(TEAM, 6, cap(Window.DAY, 10))))
                .isEqualTo(new Answer.Granted(root.now, List.of()));
    }

    @Test
    void saysHowLongUntilItFits() {
        root.enter(1, claim(TEAM, 0, cap(Window.FIVE_HOURS, 10)));
        root.settle(1, 8, Window.FIVE_HOURS);
        var wanted = claim(TEAM, 5, cap(Window.FIVE_HOURS, 10));

        long wait = denial(root.enter(2, wanted)).after();

        root.now += wait - 1;
        assertThat(root.enter(3, wanted)).isInstanceOf(Answer.Denied.class);
        root.now++;
        assertThat(root.enter(4, wanted)).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void tellsTheLongestWaitOfSeveral() {
        root.run(new Settle(
                EPOCH,
                List.of(),
                List.of(
                        new Total(TEAM, Window.FIVE_HOURS.grain().at(BEGIN), 8),
                        new Total(TEAM, Window.MONTH.grain().at(BEGIN), 8))));
        var wanted = claim(TEAM, 5, cap(Window.FIVE_HOURS, 10), cap(Window.MONTH, 10));

        long wait = denial(root.enter(1, wanted)).after();

        root.now += wait;
        assertThat(root.enter(2, wanted)).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void promisesNothingToWhatIsLargerThanTheCap() {
        root.settle(1, 8, Window.DAY);

        assertThat(denial(root.enter(2, claim(TEAM, 11, cap(Window.DAY, 10)))).after())
                .isEqualTo(Denial.NEVER);
        assertThat(denial(root.enter(2, claim(TEAM, 9, cap(Window.LIFETIME, 8))))
                        .after())
                .isEqualTo(Denial.NEVER);
    }

    private static Denial denial(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Denied.class);
        return ((Answer.Denied) answer).denial();
    }
}
