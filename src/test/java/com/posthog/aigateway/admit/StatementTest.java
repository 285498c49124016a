package com.posthog.aigateway.admit;

import static com.posthog.aigateway.admit.Root.BEGIN;
import static com.posthog.aigateway.admit.Root.EPOCH;
import static com.posthog.aigateway.admit.Root.GONE;
import static com.posthog.aigateway.admit.Root.HERE;
import static com.posthog.aigateway.admit.Root.TEAM;
import static com.posthog.aigateway.admit.Root.cap;
import static com.posthog.aigateway.admit.Root.claim;
import static com.posthog.aigateway.admit.Root.last;
import static com.posthog.aigateway.admit.Root.statement;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Window;
import com.posthog.aigateway.testing.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StatementTest {

    private final Root root = new Root();

    @Test
    void dropsTheHoldsOfWhatIsFinished() {
        for (long seq = 1; seq <= 4; seq++) {
            root.enter(seq, claim(TEAM, 4, cap(Window.DAY, 100)));
        }

        root.run(statement(EPOCH, 3, 2L));

        assertThat(root.entry.holds().keySet()).containsExactlyInAnyOrder(new HoldId(EPOCH, 2), new HoldId(EPOCH, 4));
        assertThat(root.held()).isEqualTo(8);
    }

    /// Every order, with doubles, leads to the same entry.
    @Test
    void mergesInAnyOrder() {
        var ends = new HashSet<String>();
        for (int seed = 0; seed < 300; seed++) {
            var chance = new Chance(seed);
            var one = new Root();
            for (long seq = 1; seq <= 6; seq++) {
                one.enter(seq, claim(TEAM, 4, cap(Window.LIFETIME, 100)));
            }
            var operations = new ArrayList<Operation>(List.of(
                    statement(EPOCH, 2, 1L, 2L),
                    statement(EPOCH, 4, 1L, 3L, 4L),
                    statement(EPOCH, 5, 3L, 5L),
                    statement(EPOCH, 6, 3L, 6L),
                    settle(3, 7),
                    settle(4, 9),
                    settle(1, 2)));
            operations.addAll(List.copyOf(operations));
            chance.shuffle(operations);
            operations.forEach(one::run);
            ends.add(Dump.of(one.entry));
        }
        assertThat(ends).hasSize(1);
        assertThat(ends.iterator().next()).contains("71/6 1@").doesNotContain("71/3 1@", "71/5 1@");
    }

    private static Settle settle(long seq, long total) {
        return new Settle(
                EPOCH,
                List.of(new Settle.Ended(seq, 0, List.of())),
                List.of(new Total(TEAM, Window.LIFETIME.grain().at(0), total)));
    }

    @Test
    void publishesTotalsWithoutAHold() {
        root.settle(99, 7, Window.DAY);
        root.settle(99, 5, Window.DAY);

        assertThat(root.spent(Window.DAY)).isEqualTo(7);
    }

    @Test
    void closesAnEpochForEver() {
        root.enter(1, claim(TEAM, 4, cap(Window.DAY, 100)));

        root.run(last(EPOCH, new Total(TEAM, Window.DAY.grain().at(BEGIN), 3)));
        root.run(statement(EPOCH, 0));

        assertThat(root.entry.holds()).isEmpty();
        assertThat(root.spent(Window.DAY)).isEqualTo(3);
        assertThat(root.enter(2, claim(TEAM, 4))).isEqualTo(new Answer.Over(true));
    }

    /// An operator closed it without totals; its journal came back.
    @Test
    void takesTotalsThatComeAfterTheClose() {
        root.run(last(EPOCH));

        root.run(last(EPOCH, new Total(TEAM, Window.DAY.grain().at(BEGIN), 3)));

        assertThat(root.spent(Window.DAY)).isEqualTo(3);
    }

    @Test
    void followsAProcessToItsNewMember() {
        root.entry.put(new HoldId(EPOCH, 1), new Entry.Hold(1, BEGIN, GONE, Map.of(), List.of(TEAM), 0));

        root.run(statement(EPOCH, 1, 1L));

        assertThat(root.entry.holds().get(new HoldId(EPOCH, 1)))
                .satisfies(hold -> assertThat(hold.owner).isEqualTo(HERE));
    }

    @Test
    void forgetsWhatNoWindowNeeds() {
        root.settle(1, 7, Window.FIVE_HOURS);
        root.settle(1, 7, Window.LIFETIME);
        root.now += Duration.ofHours(7).toMillis();

        root.run(statement(EPOCH, 1));

        assertThat(root.entry.sheets().get(TEAM))
                .satisfies(sheet -> assertThat(sheet.charged()).containsOnlyKeys(Window.LIFETIME.grain()));
    }

    @Test
    void correctsTokensOfTheHoldOnce() {
        var rate = new Rate(Rate.Kind.TOKENS, 100, Mode.ENFORCE);
        root.enter(1, Root.limited(TEAM, rate));
        var settle = new Settle(EPOCH, List.of(new Settle.Ended(1, 4, List.of(TEAM))), List.of());

        root.run(settle);
        root.run(settle);

        assertThat(root.entry.sheets().get(TEAM))
                .satisfies(
                        sheet -> assertThat(Objects.requireNonNull(sheet.tokens).left(100, root.now))
                                .isEqualTo(94));
    }
}
