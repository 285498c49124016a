package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// An attempt that is not finished, as its process knows it.
///
/// @param at when it was granted, in milliseconds since 1970; 0 where no grant was seen
/// @param owner the member that it runs on
/// @param slots the accounts in which it takes a place
/// @param tokens that were taken at admission
/// @param held true where a grant was seen, or may be on its way: an entry that comes back brings its hold
record Open(
        long seq,
        int step,
        long at,
        UUID owner,
        Map<Account, Long> nanos,
        List<Account> slots,
        long tokens,
        boolean held) {

    Open {
        nanos = Map.copyOf(nanos);
        slots = List.copyOf(slots);
    }

    /// One that holds.
    Open(long seq, int step, long at, UUID owner, Map<Account, Long> nanos, List<Account> slots, long tokens) {
        this(seq, step, at, owner, nanos, slots, tokens, true);
    }

    Open resized(int step, Map<Account, Long> nanos) {
        return new Open(seq, step, at, owner, nanos, slots, tokens, held);
    }

    Open granted(long at) {
        return new Open(seq, step, at, owner, nanos, slots, tokens, held);
    }

    Open told(UUID owner, boolean held) {
        return new Open(seq, step, at, owner, nanos, slots, tokens, held);
    }
}
