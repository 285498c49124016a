package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Limits of this replica alone, for the time in which the ledger cannot be asked: its share of each.
final class LocalLimits {

    private record Key(Account account, Rate.Kind kind) {}

    private static final int MOST_KEPT = 10_000;

    private final Map<Key, Pace> paces = new HashMap<>();
    private final Map<Account, Integer> slots = new HashMap<>();

    /// Takes all or nothing; empty where all was taken.
    ///
    /// @param replicas among which each limit is shared
    /// @param now in milliseconds since 1970
    synchronized Optional<Denial> take(List<Claim> claims, long tokens, int replicas, long now) {
        var taken = new ArrayList<Runnable>();
        for (var claim : claims) {
            for (var rate : claim.rates()) {
                if (rate.mode() == Mode.ENFORCE) {
                    long share = Math.ceilDiv(rate.limit(), replicas);
                    var denial = check(claim.account(), rate, share, tokens, now, taken);
                    if (denial.isPresent()) {
                        return denial;
                    }
                }
            }
        }
        taken.forEach(Runnable::run);
        return Optional.empty();
    }

    private Optional<Denial> check(
            Account account, Rate rate, long share, long tokens, long now, List<Runnable> taken) {
        if (share == 0) {
            return Optional.of(denial(account, rate, 0, 0, Denial.NEVER));
        }
        if (rate.kind() == Rate.Kind.CONCURRENT) {
            int used = slots.getOrDefault(account, 0);
            taken.add(() -> slots.merge(account, 1, Integer::sum));
            return used < share ? Optional.empty() : Optional.of(denial(account, rate, share, used, 1_000));
        }
        if (paces.size() > MOST_KEPT) {
            paces.values().removeIf(pace -> pace.isFull(now));
        }
        long count = Math.min(share, rate.kind() == Rate.Kind.REQUESTS ? 1 : tokens);
        var pace = paces.computeIfAbsent(new Key(account, rate.kind()), _ -> Pace.full(share, now));
        long left = pace.left(share, now);
        taken.add(() -> pace.take(count, share, now));
        return count <= left
                ? Optional.empty()
                : Optional.of(denial(account, rate, share, share - left, pace.wait(count, share, now)));
    }

    private static Denial denial(Account account, Rate rate, long share, long used, long wait) {
        return new Denial(account, rate.kind().word(), false, share, used, 0, wait);
    }

    synchronized void free(List<Claim> claims) {
        for (var claim : claims) {
            // A limit may be in shadow for one call and enforced for the next: the configuration may change.
            if (claim.rates().stream()
                    .anyMatch(rate -> rate.kind() == Rate.Kind.CONCURRENT && rate.mode() == Mode.ENFORCE)) {
                slots.computeIfPresent(claim.account(), (_, count) -> count <= 1 ? null : count - 1);
            }
        }
    }
}
