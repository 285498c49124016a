package com.posthog.aigateway.admit;

/// Lets every member that holds an entry note all its totals: one that has just come holds entries of which its journal
/// knows nothing.
record Recount() implements Operation {

    @Override
    public Answer answer(Entry entry, Here here) {
        return new Answer.Done();
    }

    /// True, so that the backups do it too.
    @Override
    public boolean changes(Answer answer) {
        return true;
    }

    @Override
    public void change(Entry entry, Answer answer, Here here) {}
}
