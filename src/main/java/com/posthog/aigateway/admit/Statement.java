package com.posthog.aigateway.admit;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// What a process says of one of its epochs in one root: "up to `upTo` all attempts are finished but these;
/// these are my totals". It stays true, so it may come in any order, twice, and late.
///
/// @param owner the member that the epoch's calls run on
/// @param closed no attempt of this epoch is open, and none will be
record Statement(long epoch, UUID owner, long upTo, List<Open> open, List<Total> totals, boolean closed)
        implements Operation {

    Statement {
        open = List.copyOf(open);
        totals = List.copyOf(totals);
    }

    @Override
    public Answer answer(Entry entry, Here here) {
        return new Answer.Done();
    }

    @Override
    public boolean changes(Answer answer) {
        return true;
    }

    @Override
    public void change(Entry entry, Answer answer, Here here) {
        entry.pass(here.now());
        apply(entry, here);
        entry.prune();
    }

    void apply(Entry entry, Here here) {
        if (!closed || here.keeps(Law.TOTALS_BEFORE_CLOSED)) {
            entry.charge(epoch, totals, here.keeps(Law.TOTALS_ARE_MAXIMA));
        }
        if (closed) {
            entry.close(epoch);
        } else if (!entry.isClosed(epoch)) {
            var listed = here.keeps(Law.STATEMENTS_LIST_THE_OPEN)
                    ? open.stream().map(Open::seq).collect(Collectors.toSet())
                    : Set.<Long>of();
            entry.learn(epoch, upTo, listed);
            entry.own(epoch, owner);
        }
    }
}
