package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Fact;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What operators see and change of the ledger. Each change is in force on all replicas that are there, and
/// kept across restarts; it returns how many members have it.
public final class Operators {

    private final Ledger ledger;
    private final Changes changes;

    public Operators(Ledger ledger, Changes changes) {
        this.ledger = ledger;
        this.changes = changes;
    }

    /// All that an entry knows, as JSON.
    ///
    /// Unreachable: it cannot be asked.
    ///
    /// @param root `team:<id>`, `organisation:<id>`, or the name of a cap that cuts across
    public String ledger(String root) {
        return ledger.describe(root);
    }

    /// All changes that are in force, in the order of their names.
    public List<Fact> changes() {
        return changes.all();
    }

    /// Refuses all calls of whom this names, until it is switched on.
    ///
    /// @param what `everything`, or `credential:`, `user:<team>/`, `team:`, `product:`, `model:` or
    /// `provider:` with an id. IllegalArgumentException: another thing.
    public int switchOff(String what, String reason, String who) {
        return changes.switchOff(known(what), reason, who);
    }

    public int switchOn(String what, String who) {
        return changes.switchOn(known(what), who);
    }

    private static String known(String what) {
        return what.equals(Changes.EVERYTHING) ? what : Account.parse(what).toString();
    }

    /// Sets another limit in the place of the configured one; null: as configured.
    public int limit(Account account, String kind, @Nullable Long limit, String who) {
        return changes.limit(account, kind, limit, who);
    }

    /// Sets another budget in the place of the configured one; null: as configured.
    public int budget(Account account, Window window, @Nullable Money limit, String who) {
        return changes.limit(account, window.word(), limit == null ? null : limit.nanos(), who);
    }

    /// Raises a budget by this much for as long as what was spent until now counts in its window.
    public int refill(Account account, Window window, Money more, String who) {
        return changes.refill(account, window, more.nanos(), who);
    }

    /// Gives up on an epoch whose process does not come back: what it held is free, what it charged stays.
    public void close(long epoch) {
        ledger.closeForLost(epoch);
    }

    /// Gives up on a journal that does not come back, and closes its epochs, which are returned.
    public List<Long> forget(long journal) {
        return ledger.forget(journal);
    }
}
