package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Charge;
import com.posthog.aigateway.call.Held;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Usage;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What one call has taken: rates, places and money, in one root or several. It is settled once, by its
/// receipt.
public final class Admission {

    /// A call for which nothing is limited.
    public static final Admission FREE = new Admission(null, List.of(), 0, () -> {});

    /// What was taken in one root.
    ///
    /// @param at by the root's clock
    record Taken(Demand demand, HoldId id, long at) {}

    private final @Nullable Ledger ledger;
    private final List<Taken> taken;
    private final long tokens;
    private final Runnable settled;
    private int step = 1;

    /// @param tokens that were taken of limits of tokens
    /// @param settled runs once, when the call has ended
    Admission(@Nullable Ledger ledger, List<Taken> taken, long tokens, Runnable settled) {
        this.ledger = ledger;
        this.taken = List.copyOf(taken);
        this.tokens = tokens;
        this.settled = settled;
    }

    /// What the intent has to remember.
    public List<Held> held() {
        return taken.stream()
                .map(it -> new Held(
                        it.demand().root(),
                        it.id().epoch(),
                        it.id().seq(),
                        it.at(),
                        parts(it.demand().claims())))
                .toList();
    }

    private List<Held.Part> parts(List<Claim> claims) {
        return claims.stream()
                .filter(claim -> !claim.caps().isEmpty())
                .map(claim -> new Held.Part(claim.account(), claim.nanos() * step, claim.strict(), claim.grains()))
                .toList();
    }

    /// True outside of proofs: what is held is on disk before a provider is asked.
    public boolean wantsIntentFirst() {
        return ledger == null || ledger.keeps(Law.INTENT_FIRST);
    }

    /// One more attempt at the same price is about to be made, and the earlier one may still be billed.
    /// Returns false where the money does not allow it.
    public boolean again() {
        if (ledger == null) {
            return true;
        }
        int attempts = step + 1;
        for (var it : taken) {
            var larger = it.demand().times(attempts);
            var entered = ledger.grow(larger, it.id(), attempts, tokens);
            if (!(entered instanceof Ledger.Entered.In)) {
                return false;
            }
        }
        step = attempts;
        return true;
    }

    /// Gives back what the call did not use, and charges what it did: at once for this process, soon for all.
    /// The receipt must be on disk.
    public void settle(Receipt receipt) {
        if (ledger != null) {
            var charges = receipt.charges().stream().collect(Collectors.groupingBy(Charge::root));
            long surplus = surplus(receipt);
            for (var it : taken) {
                ledger.end(
                        it.demand().root(),
                        it.id(),
                        charges.getOrDefault(it.demand().root(), List.of()),
                        new Settle.Ended(it.id().seq(), surplus, limitedByTokens(it.demand())));
            }
        }
        settled.run();
    }

    static List<Account> limitedByTokens(Demand demand) {
        return demand.claims().stream()
                .filter(claim -> claim.has(Rate.Kind.TOKENS))
                .map(Claim::account)
                .toList();
    }

    /// Tokens that were taken too much. A call without a final usage keeps its estimate.
    private long surplus(Receipt receipt) {
        if (receipt.cost().estimated()) {
            return 0;
        }
        var usage = receipt.reading().usage();
        return tokens - (usage == null ? 0 : used(usage));
    }

    private static long used(Usage usage) {
        return usage.prompt() + usage.output();
    }
}
