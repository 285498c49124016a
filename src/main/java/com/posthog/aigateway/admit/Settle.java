package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import java.util.List;

/// Attempts of one epoch have ended: their holds go, and the epoch's totals come. Also a release, which is a
/// settle without a charge.
///
/// @param done in any order; those that are not held any more change nothing
/// @param totals the epoch's own, as they are now
record Settle(long epoch, List<Ended> done, List<Total> totals) implements Operation {

    /// One attempt that has ended.
    ///
    /// @param surplus tokens that were taken and not used; below zero where more were used
    record Ended(long seq, long surplus, List<Account> tokens) {
        public Ended {
            tokens = List.copyOf(tokens);
        }
    }

    Settle {
        done = List.copyOf(done);
        totals = List.copyOf(totals);
    }

    /// Without its charges: what a law forbids.
    Settle released() {
        return new Settle(epoch, done, List.of());
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
        entry.charge(epoch, totals, here.keeps(Law.TOTALS_ARE_MAXIMA));
        for (var ended : done) {
            var hold = entry.drop(new HoldId(epoch, ended.seq()));
            if (hold != null && ended.surplus() != 0) {
                correct(entry, ended, entry.now(here.now()));
            }
        }
    }

    private static void correct(Entry entry, Ended ended, long now) {
        for (var account : ended.tokens()) {
            var sheet = entry.sheet(account);
            if (sheet != null && sheet.tokens != null) {
                sheet.tokens.correct(ended.surplus(), now);
            }
        }
    }
}
