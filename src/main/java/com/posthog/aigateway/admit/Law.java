package com.posthog.aigateway.admit;

import java.util.Set;

/// What keeps the ledger exact. All are in force; proofs break one, and must see money go wrong.
public enum Law {
    /// An entry that is not there was lost, and is asked for; it never counts as empty.
    ABSENT_IS_NOT_ZERO,
    /// A total is what its own process says, at the largest; it is never added to.
    TOTALS_ARE_MAXIMA,
    /// A hold stands until its settle was acknowledged.
    HELD_UNTIL_ACKNOWLEDGED,
    /// A statement says which attempts are still open.
    STATEMENTS_LIST_THE_OPEN,
    /// The intent is on disk before a provider is asked.
    INTENT_FIRST,
    /// An entry that comes back brings the holds of open attempts.
    CREATE_BRINGS_HOLDS,
    /// An epoch is closed with its last totals, not before them.
    TOTALS_BEFORE_CLOSED,
    /// Enforced money needs a quorum of data members.
    QUORUM,
    /// An admit that finds its own hold is judged again.
    JUDGED_AGAIN,
    /// A `Create` is for the placeholder that it was made for.
    FENCED,
    /// A `Create` brings a hold only where an admit would be accepted.
    GUARDED,
    /// A `Create` carries the closed epochs.
    CLOSED_TRAVELS,
    /// An admission counts buckets later than its own.
    LATER_BUCKETS_COUNT,
    /// What is finished is never admitted.
    FINISHED_STAYS_FINISHED,
    /// The hold of a stream grows before its output does.
    HOLDS_GROW,
    /// A stream whose hold cannot grow ends.
    STREAMS_END;

    /// As things are outside of proofs.
    public static final Set<Law> NONE_BROKEN = Set.of();
}
