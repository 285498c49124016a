package com.posthog.aigateway.admit;

import static com.posthog.aigateway.admit.Root.BEGIN;
import static com.posthog.aigateway.admit.Root.EPOCH;
import static com.posthog.aigateway.admit.Root.HERE;
import static com.posthog.aigateway.admit.Root.TEAM;
import static com.posthog.aigateway.admit.Root.last;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Window;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CreateTest {

    private static final long PLACEHOLDER = 5;

    private final Entry entry = Entry.placeholder(PLACEHOLDER);
    private final Here here = new Here(BEGIN, Set.of(HERE), Law.NONE_BROKEN);

    @Test
    void isForOnePlaceholderOnly() {
        assertThat(create(6).answer(entry, here)).isEqualTo(new Answer.Missing(PLACEHOLDER));
        assertThat(create(PLACEHOLDER).answer(entry, here)).isInstanceOf(Answer.Done.class);
    }

    @Test
    void bringsTotalsOfAnswersAndCheckpointsAtTheirLargest() {
        run(new Create(
                PLACEHOLDER,
                List.of(last(1, total(7)), last(2, total(1))),
                Map.of(1L, List.of(total(5)), 2L, List.of(total(3)), 3L, List.of(total(10))),
                List.of(3L)));

        assertThat(entry.isReady()).isTrue();
        assertThat(spent()).isEqualTo(20);
        assertThat(entry.closed()).containsExactlyInAnyOrder(1L, 2L, 3L);
    }

    @Test
    void bringsHoldsWhereAnAdmitWouldBeAccepted() {
        var known = new Statement(EPOCH, HERE, 3, List.of(open(1, 1, BEGIN), open(3, 1, 0)), List.of(), false);
        var older = new Statement(EPOCH, HERE, 2, List.of(open(1, 1, 0), open(2, 1, 0)), List.of(), false);
        var closed = new Statement(72, HERE, 1, List.of(open(1, 1, BEGIN)), List.of(), false);

        run(new Create(PLACEHOLDER, List.of(older, known, closed), Map.of(), List.of(72L)));

        assertThat(entry.holds().keySet()).containsExactlyInAnyOrder(new HoldId(EPOCH, 1), new HoldId(EPOCH, 3));
    }

    @Test
    void takesTheLaterStepOfAHold() {
        run(new Create(
                PLACEHOLDER,
                List.of(new Statement(EPOCH, HERE, 1, List.of(open(1, 2, BEGIN)), List.of(), false)),
                Map.of(),
                List.of()));
        run(new Create(
                PLACEHOLDER,
                List.of(new Statement(EPOCH, HERE, 1, List.of(open(1, 1, BEGIN)), List.of(), false)),
                Map.of(),
                List.of()));

        assertThat(entry.holds().get(new HoldId(EPOCH, 1)))
                .satisfies(hold -> assertThat(hold.step).isEqualTo(2));
    }

    @Test
    void mergesAgainIntoWhatItMade() {
        var create = create(PLACEHOLDER);
        run(create);
        var once = Dump.of(entry);

        run(create);

        assertThat(Dump.of(entry)).isEqualTo(once);
    }

    private static Create create(long placeholder) {
        return new Create(
                placeholder,
                List.of(new Statement(EPOCH, HERE, 2, List.of(open(1, 1, 0)), List.of(total(4)), false)),
                Map.of(),
                List.of());
    }

    private static Open open(long seq, int step, long at) {
        return new Open(seq, step, at, HERE, Map.of(TEAM, 4L), List.of(TEAM), 0);
    }

    private static Total total(long nanos) {
        return new Total(TEAM, Window.DAY.grain().at(BEGIN), nanos);
    }

    private long spent() {
        return entry.sheetOf(TEAM).spent(Window.DAY, BEGIN, true);
    }

    private void run(Create create) {
        var answer = create.answer(entry, here);
        assertThat(answer).isInstanceOf(Answer.Done.class);
        create.change(entry, answer, here);
    }
}
