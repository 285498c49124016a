package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Charge;
import com.posthog.aigateway.call.Held;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Target;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What one call has taken: rates, places and money, in one root or several. Its holds follow the call, and it is
/// settled once, by its receipt. Any thread may ask for another size.
public final class Admission {

    /// What became of another size.
    public enum Resized {
        GRANTED,
        /// Some budget does not hold it. What was held stays.
        REFUSED,
        /// The ledger cannot be asked now.
        UNDECIDED
    }

    /// A call for which nothing is limited.
    public static final Admission FREE = new Admission(null, List.of(), 0, 0, null, () -> {});

    /// What was taken in one root.
    ///
    /// @param at by the root's clock
    /// @param before what the call held before it came to this root
    /// @param last what it held here when it went on elsewhere; null as long as it grows and shrinks with the
    /// call
    record Taken(
            Demand demand,
            HoldId id,
            long at,
            Size before,
            @Nullable Size last) {

        /// From the call's begin.
        Taken(Demand demand, HoldId id, long at) {
            this(demand, id, at, new Size(0, 0), null);
        }

        /// The part of what the call holds that is held here.
        Size of(Size all) {
            return last != null
                    ? last
                    : new Size(all.attempts() - before.attempts(), all.estimate() - before.estimate());
        }

        Taken since(Size before) {
            return new Taken(demand, id, at, before, last);
        }

        Taken until(Size all) {
            return new Taken(demand, id, at, before, of(all));
        }

        boolean isOf(Provider provider) {
            return last == null && demand.root().equals(new Account(Scope.PROVIDER, provider.id()).toString());
        }
    }

    private final @Nullable Ledger ledger;
    private final long tokens;
    private final @Nullable Further further;
    private final Runnable settled;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile List<Taken> taken;
    private Size size;
    private long estimate;
    private long ranOn;
    private int step = 1;
    private boolean over;

    /// @param first what an attempt is expected to cost before it begins, in nano-dollars
    /// @param tokens that were taken of limits of tokens
    /// @param further asks for more attempts; null where nothing is limited
    /// @param settled runs once, when the call has ended
    Admission(
            @Nullable Ledger ledger,
            List<Taken> taken,
            long first,
            long tokens,
            @Nullable Further further,
            Runnable settled) {
        this.ledger = ledger;
        this.taken = List.copyOf(taken);
        this.tokens = tokens;
        this.further = further;
        this.settled = settled;
        this.size = new Size(1, first);
        this.estimate = first;
    }

    /// What the intent has to remember.
    public List<Held> held() {
        lock.lock();
        try {
            return taken.stream()
                    .map(it -> new Held(
                            it.demand().root(),
                            it.id().epoch(),
                            it.id().seq(),
                            it.at(),
                            parts(it.demand().claims(), it.of(size))))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private static List<Held.Part> parts(List<Claim> claims, Size size) {
        return claims.stream()
                .filter(Claim::holds)
                .map(claim -> new Held.Part(claim.account(), size.of(claim), claim.strict(), claim.grains()))
                .toList();
    }

    /// True outside of proofs: what is held is on disk before a provider is asked.
    public boolean wantsIntentFirst() {
        return ledger == null || ledger.keeps(Law.INTENT_FIRST);
    }

    /// True where some budget's hold follows the call.
    public boolean breathes() {
        return taken.stream().anyMatch(it -> it.demand().breathes());
    }

    /// True where a stream is to end when its hold cannot grow.
    public boolean stops() {
        return taken.stream().anyMatch(it -> it.demand().stops());
    }

    /// What breathing budgets hold for the attempt that runs.
    public Money estimate() {
        lock.lock();
        try {
            return new Money(estimate);
        } finally {
            lock.unlock();
        }
    }

    /// By how much holds have grown over budgets at whose limit streams run on.
    public Money ranOn() {
        lock.lock();
        try {
            return new Money(ranOn);
        } finally {
            lock.unlock();
        }
    }

    /// Sets what breathing budgets hold for the attempt that runs; strict ones stay. Waits for the ledger. A smaller
    /// size is never refused, and a larger one not by budgets at whose limit streams run on.
    public Resized resize(Money expected) {
        lock.lock();
        try {
            if (over || ledger == null || !ledger.keeps(Law.HOLDS_GROW)) {
                return Resized.GRANTED;
            }
            var resized = set(new Size(size.attempts(), size.estimate() - estimate + expected.nanos()), true, ledger);
            if (resized == Resized.GRANTED) {
                estimate = expected.nanos();
            }
            return resized == Resized.REFUSED && !ledger.keeps(Law.STREAMS_END) ? Resized.GRANTED : resized;
        } finally {
            lock.unlock();
        }
    }

    /// One more attempt is about to be made. At another provider it takes that one's own budgets and limits
    /// too, and leaves those of the one before. Returns false where that is not granted: then nothing has
    /// changed.
    ///
    /// @param beside true where an earlier attempt may still be billed: then both are held
    public boolean again(Target last, Target next, boolean beside) {
        lock.lock();
        try {
            if (further == null) {
                return true;
            }
            return ledger == null
                    ? !(further.join(next) instanceof Further.Joined.Refused)
                    : again(last, next, beside, further, ledger);
        } finally {
            lock.unlock();
        }
    }

    private boolean again(Target last, Target next, boolean beside, Further further, Ledger ledger) {
        var joined = last.provider().equals(next.provider()) ? new Further.Joined.Nothing() : further.join(next);
        if (joined instanceof Further.Joined.Refused) {
            return false;
        }
        long expected = further.estimate(next).nanos();
        var wanted = beside
                ? new Size(size.attempts() + 1, size.estimate() + expected)
                : new Size(size.attempts(), size.estimate() - estimate + expected);
        var before = taken;
        var left = last.provider().equals(next.provider())
                ? List.<Taken>of()
                : before.stream().filter(it -> it.isOf(last.provider())).toList();
        taken = leaving(left, beside);
        if (!wanted.equals(size) && set(wanted, false, ledger) != Resized.GRANTED) {
            taken = before;
            if (joined instanceof Further.Joined.In in) {
                giveBack(in.taken(), ledger);
            }
            return false;
        }
        estimate = expected;
        if (!beside) {
            left.forEach(it -> giveBack(it, ledger));
        }
        if (joined instanceof Further.Joined.In in) {
            var here = in.taken().since(new Size(size.attempts() - 1, size.estimate() - expected));
            taken = Stream.concat(taken.stream(), Stream.of(here)).toList();
        }
        return true;
    }

    /// What may still be billed there stays held as it is.
    private List<Taken> leaving(List<Taken> left, boolean stays) {
        return taken.stream()
                .filter(it -> stays || !left.contains(it))
                .map(it -> left.contains(it) ? it.until(size) : it)
                .toList();
    }

    private void giveBack(Taken it, Ledger ledger) {
        ledger.end(
                it.demand().root(),
                it.id(),
                List.of(),
                new Settle.Ended(it.id().seq(), tokens, limitedByTokens(it.demand())));
    }

    private Resized set(Size next, boolean runsOn, Ledger ledger) {
        step++;
        long beyond = 0;
        for (var it : taken) {
            var held = it.of(size);
            var wanted = it.of(next);
            if (!it.demand().differs(wanted, held)) {
                continue;
            }
            var before = it.demand().resized(held, held, runsOn);
            var resized = it.demand().resized(wanted, held, runsOn);
            switch (ledger.resize(resized, before, it.id(), step, tokens)) {
                case Ledger.Entered.In in ->
                    beyond = Math.max(beyond, beyond(it.demand(), in.shadowed(), wanted, held));
                case Ledger.Entered.Refused _ -> {
                    return Resized.REFUSED;
                }
                case Ledger.Entered.NoLedger _ -> {
                    return Resized.UNDECIDED;
                }
            }
        }
        ranOn += beyond;
        size = next;
        return Resized.GRANTED;
    }

    /// How much of what was added lies over a budget that lets streams run on.
    private static long beyond(Demand demand, List<Denial> watched, Size next, Size held) {
        long most = 0;
        for (var claim : demand.claims()) {
            long wanted = next.of(claim);
            for (var cap : claim.caps()) {
                if (cap.mode() == Mode.ENFORCE && demand.finishes(claim.account(), cap.window())) {
                    most = watched.stream()
                            .filter(denial -> denial.account().equals(claim.account())
                                    && denial.what().equals(cap.window().word()))
                            .mapToLong(denial -> denial.used() + denial.held() + wanted - denial.limit())
                            .map(excess -> Math.clamp(excess, 0, Math.max(0, wanted - held.of(claim))))
                            .reduce(most, Math::max);
                }
            }
        }
        return most;
    }

    /// Gives back what the call did not use, and charges what it did: at once for this process, soon for all.
    /// The receipt must be on disk.
    public void settle(Receipt receipt) {
        lock.lock();
        try {
            over = true;
            if (ledger != null) {
                settle(receipt, ledger);
            }
        } finally {
            lock.unlock();
        }
        settled.run();
    }

    private void settle(Receipt receipt, Ledger ledger) {
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
