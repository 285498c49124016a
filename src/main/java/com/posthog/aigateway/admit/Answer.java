package com.posthog.aigateway.admit;

import java.util.List;

/// What an entry says to an operation.
sealed interface Answer {

    /// All was taken.
    ///
    /// @param at by the entry's clock, in milliseconds since 1970: it decides the buckets of the call
    /// @param shadowed what would have been refused if it were enforced
    record Granted(long at, List<Denial> shadowed) implements Answer {}

    /// Nothing was taken.
    record Denied(Denial denial, List<Denial> shadowed) implements Answer {}

    /// The attempt is finished, or its epoch is closed.
    record Over(boolean closed) implements Answer {}

    /// The entry was lost, or never was: whoever hears it asks the roster.
    ///
    /// @param number of the placeholder that a `Create` must name
    record Missing(long number) implements Answer {}

    record Done() implements Answer {}

    /// What an operator wants to see.
    ///
    /// @param json all that the entry knows, for operators
    record Described(String json) implements Answer {}

    record Seen(List<Standing> standings) implements Answer {}
}
