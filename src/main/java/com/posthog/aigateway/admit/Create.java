package com.posthog.aigateway.admit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts back an entry that was missing, from what the whole roster knows.
///
/// @param placeholder the number that [Answer.Missing] gave: it is applied to no other
/// @param statements the answers, one for each epoch that is not closed
/// @param checkpoints totals of all epochs, from the journals of data members
/// @param closed the closed epochs
record Create(long placeholder, List<Statement> statements, Map<Long, List<Total>> checkpoints, List<Long> closed)
        implements Operation {

    Create {
        statements = List.copyOf(statements);
        checkpoints = Map.copyOf(checkpoints);
        closed = List.copyOf(closed);
    }

    @Override
    public Answer answer(Entry entry, Here here) {
        return entry.number() == placeholder || !here.keeps(Law.FENCED)
                ? new Answer.Done()
                : new Answer.Missing(entry.number());
    }

    @Override
    public boolean changes(Answer answer) {
        return answer instanceof Answer.Done;
    }

    @Override
    public void change(Entry entry, Answer answer, Here here) {
        entry.pass(here.now());
        entry.becomeReady();
        checkpoints.forEach((epoch, totals) -> entry.charge(epoch, totals, true));
        statements.forEach(statement -> entry.charge(statement.epoch(), statement.totals(), true));
        if (here.keeps(Law.CLOSED_TRAVELS)) {
            closed.forEach(entry::close);
        }
        statements.forEach(statement -> statement.apply(entry, here));
        if (here.keeps(Law.CREATE_BRINGS_HOLDS)) {
            statements.stream()
                    .filter(statement -> !statement.closed())
                    .forEach(statement -> bring(entry, statement, here));
        }
    }

    private static void bring(Entry entry, Statement statement, Here here) {
        for (var open : statement.open()) {
            if (!open.held()) {
                continue;
            }
            var id = new HoldId(statement.epoch(), open.seq());
            var there = entry.holds().get(id);
            boolean over = here.keeps(Law.GUARDED) && entry.isOver(id, true);
            if (!over && (there == null || there.step < open.step())) {
                long at = open.at() == 0 ? Entry.Hold.ANY_TIME : open.at();
                var hold = new Entry.Hold(
                        open.step(), at, open.owner(), new HashMap<>(open.nanos()), open.slots(), open.tokens());
                hold.rated = open.at() != 0;
                entry.put(id, hold);
            }
        }
    }
}
