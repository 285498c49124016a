package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Fact;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Window;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.cluster.Register;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What operators have changed while we run: who is switched off, other limits, refills. It lies in the
/// [Register], and is in force on every replica.
///
/// The names of its facts are `switch everything`, `switch <scope>:<id>`, `limit <scope>:<id> <what>` and
/// `refill <scope>:<id> <window> <time>`.
public final class Changes implements Overrides {

    private static final String SWITCH = "switch ";
    private static final String LIMIT = "limit ";
    private static final String REFILL = "refill ";
    static final String EVERYTHING = "everything";

    private record Refill(long nanos, long at) {}

    /// All of them, as they are read for every call.
    private record Now(Set<String> off, Map<String, Long> limits, Map<String, List<Refill>> refills) {}

    private final Register register;
    private final LongSupplier time;
    private volatile Now now;

    /// @param time of the cluster, in milliseconds since 1970
    public Changes(Register register, LongSupplier time) {
        this.register = register;
        this.time = time;
        this.now = read();
        register.listen(this::changed);
        this.now = read();
    }

    private void changed(Fact fact) {
        now = read();
    }

    private Now read() {
        var off = register.facts(SWITCH).stream()
                .map(fact -> fact.name().substring(SWITCH.length()))
                .collect(Collectors.toUnmodifiableSet());
        var limits = new HashMap<String, Long>();
        register.facts(LIMIT)
                .forEach(fact -> limits.put(fact.name().substring(LIMIT.length()), Long.parseLong(value(fact))));
        var refills = new HashMap<String, List<Refill>>();
        for (var fact : register.facts(REFILL)) {
            var name = fact.name().substring(REFILL.length());
            int end = name.lastIndexOf(' ');
            refills.computeIfAbsent(name.substring(0, end), _ -> new ArrayList<>())
                    .add(new Refill(Long.parseLong(value(fact)), Long.parseLong(name.substring(end + 1))));
        }
        return new Now(off, Map.copyOf(limits), Map.copyOf(refills));
    }

    private static String value(Fact fact) {
        return fact.value() == null ? "0" : fact.value();
    }

    @Override
    public OptionalLong limit(Account account, String what) {
        var limit = now.limits().get(account + " " + what);
        return limit == null ? OptionalLong.empty() : OptionalLong.of(limit);
    }

    /// A refill counts for as long as what was spent before it may count.
    @Override
    public long refilled(Account account, Window window) {
        long moment = time.getAsLong();
        return now.refills().getOrDefault(account + " " + window.word(), List.of()).stream()
                .filter(refill -> window.leaves(window.grain().at(refill.at())) > moment)
                .mapToLong(Refill::nanos)
                .sum();
    }

    /// Refusal: an operator has switched off the credential, its team, the user, the product, the model, the
    /// provider, or everything.
    void check(Caller caller, Route route, @Nullable String product, @Nullable String user) {
        var off = now.off();
        if (off.isEmpty()) {
            return;
        }
        refuseIf(off, EVERYTHING);
        refuseIf(off, name(Scope.CREDENTIAL, caller.credential()));
        refuseIf(off, name(Scope.TEAM, caller.team()));
        refuseIf(off, name(Scope.USER, caller.team() + "/" + user));
        refuseIf(off, name(Scope.PRODUCT, String.valueOf(product)));
        refuseIf(off, name(Scope.PROVIDER, route.primary().provider().id()));
        refuseIf(
                off,
                name(
                        Scope.MODEL,
                        route.model() == null
                                ? String.valueOf(route.named())
                                : route.model().id()));
    }

    /// Whether an operator has switched off this provider, or everything, since the call was let in.
    boolean isOff(Provider provider) {
        var off = now.off();
        return off.contains(EVERYTHING) || off.contains(name(Scope.PROVIDER, provider.id()));
    }

    private static String name(Scope scope, String id) {
        return new Account(scope, id).toString();
    }

    private static void refuseIf(Set<String> off, String name) {
        if (off.contains(name)) {
            throw new Refusal(
                    Reason.SWITCHED_OFF, "'" + name + "' is switched off by an operator; ask them to switch it on");
        }
    }

    /// Returns how many members have it in force already, this one among them.
    public int switchOff(String what, String reason, String who) {
        return register.set(SWITCH + what, reason, who).size();
    }

    public int switchOn(String what, String who) {
        return register.remove(SWITCH + what, who).size();
    }

    /// Sets another limit.
    ///
    /// @param limit null: as configured
    public int limit(Account account, String what, @Nullable Long limit, String who) {
        var name = LIMIT + account + " " + what;
        return limit == null
                ? register.remove(name, who).size()
                : register.set(name, Long.toString(limit), who).size();
    }

    public int refill(Account account, Window window, long nanos, String who) {
        var name = REFILL + account + " " + window.word() + " " + time.getAsLong();
        return register.set(name, Long.toString(nanos), who).size();
    }

    /// What is in force, for operators.
    public List<Fact> all() {
        var all = new ArrayList<>(register.facts(SWITCH));
        all.addAll(register.facts(LIMIT));
        all.addAll(register.facts(REFILL));
        return all;
    }
}
