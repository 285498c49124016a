package com.posthog.aigateway.admit;

/// What is done with one entry, alone. The member that owns the entry answers it, with its own clock; then
/// the change is made there and on each backup, with the same answer and the same time. Every operation may
/// come late, twice, out of order, and after its sender died.
sealed interface Operation permits Enter, Settle, Statement, Create, Look, Describe, Recount {

    /// Decides, and changes nothing.
    Answer answer(Entry entry, Here here);

    /// False for an answer that leaves everything as it is. An operation that comes again still changes: a
    /// backup may have missed it.
    boolean changes(Answer answer);

    void change(Entry entry, Answer answer, Here here);
}
