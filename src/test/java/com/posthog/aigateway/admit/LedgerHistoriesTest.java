package com.posthog.aigateway.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.posthog.aigateway.testing.Proof;
import java.time.Duration;
import java.util.EnumMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Many small histories of one root, with all that can be late, doubled, reordered, killed and lost: no law is ever
/// broken. And with one law broken on purpose, each is seen to be.
class LedgerHistoriesTest {

    private static final int HISTORIES = Proof.cases(10_000, 1_200_000);

    /// Rare ones are seen in the long form only: it takes some of them tens of thousands of histories.
    private static final int ENOUGH = Proof.cases(1_000, Integer.MAX_VALUE);

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /// One history to tell event by event, of those that a failure names.
    private static final int ONE = Integer.getInteger("proof.history", -1);

    @Test
    void keepsEveryLaw() {
        long begin = System.nanoTime();
        var counts = new EnumMap<HistoryWorld.Event, Long>(HistoryWorld.Event.class);
        int atRest = 0;
        for (int number = Math.max(0, ONE); number < (ONE < 0 ? HISTORIES : ONE + 1); number++) {
            var story = ONE < 0 ? null : new StringBuilder();
            var fault = run(number, Sabotage.NONE, counts, story);
            if (fault != null) {
                throw new AssertionError(repeat(number, Sabotage.NONE, fault), fault);
            }
            atRest++;
        }
        Proof.tell("ledger: " + atRest + " histories, "
                + counts.values().stream().mapToLong(Long::longValue).sum() + " events, "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms; " + counts);
        assertThat(counts)
                .as("everything happens")
                .hasSize(ONE < 0 ? HistoryWorld.Event.values().length - 1 : counts.size());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void seesEachLawBroken(Sabotage sabotage) {
        long begin = System.nanoTime();
        var counts = new EnumMap<HistoryWorld.Event, Long>(HistoryWorld.Event.class);
        HistoryLaws.@Nullable Violation found = null;
        int number = 0;
        while (found == null && number < ENOUGH && System.nanoTime() - begin < PATIENCE.toNanos()) {
            found = run(number++, sabotage, counts, null);
        }
        Proof.tell("ledger without " + sabotage + ": " + (found == null ? "NOT FOUND" : firstLine(found)) + " after "
                + number + " histories, " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms");
        assumeTrue(found != null || Proof.isLong(), "needs the long form");
        assertThat(found).as("%s in %d histories", sabotage, number).isNotNull();
    }

    private static HistoryLaws.@Nullable Violation run(
            int number, Sabotage sabotage, EnumMap<HistoryWorld.Event, Long> counts, @Nullable StringBuilder story) {
        var world = new HistoryWorld(Proof.chance(number), sabotage, story);
        try {
            var events = new HistoryEvents(world.shape.weights());
            int left = world.shape.steps();
            for (int draw = 0; draw < 5 * world.shape.steps() && left > 0; draw++) {
                var event = events.next(world.chance);
                if (world.happen(event)) {
                    counts.merge(event, 1L, Long::sum);
                    left--;
                }
            }
            new HistoryRest(world).come();
            return null;
        } catch (HistoryLaws.Violation violation) {
            return violation;
        }
    }

    private static String firstLine(HistoryLaws.Violation violation) {
        return String.valueOf(violation.getMessage()).lines().findFirst().orElse("");
    }

    private static String repeat(int number, Sabotage sabotage, HistoryLaws.Violation fault) {
        var story = new StringBuilder();
        run(number, sabotage, new EnumMap<>(HistoryWorld.Event.class), story);
        return fault.getMessage() + "\nhistory " + number + " (repeat with -Dproof.history=" + number
                + " and the same -Dproof.seed):\n" + story;
    }
}
