package com.posthog.aigateway.admit;

import com.posthog.aigateway.admit.Ledger.Entered;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.cluster.Cluster;
import com.posthog.aigateway.cluster.Unreachable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lets a call in, or says why not: limits and budgets of all its scopes are taken together, or nothing is.
public final class Admit {

    private final Scopes scopes;
    private final Catalogue catalogue;
    private final Ledger ledger;
    private final Cluster cluster;
    private final Changes changes;
    private final AdmitFigures figures;
    private final LocalLimits local;

    /// @param scopes as the configuration has them; operators' changes are laid over them here
    public Admit(
            Scopes scopes, Catalogue catalogue, Ledger ledger, Cluster cluster, Changes changes, AdmitFigures figures) {
        this(scopes, catalogue, ledger, cluster, changes, figures, new LocalLimits());
    }

    private Admit(
            Scopes scopes,
            Catalogue catalogue,
            Ledger ledger,
            Cluster cluster,
            Changes changes,
            AdmitFigures figures,
            LocalLimits local) {
        this.scopes = scopes.with(changes);
        this.catalogue = catalogue;
        this.ledger = ledger;
        this.cluster = cluster;
        this.changes = changes;
        this.figures = figures;
        this.local = local;
    }

    /// The same with another configuration: what is taken stays taken.
    public Admit with(Scopes scopes, Catalogue catalogue) {
        return new Admit(scopes, catalogue, ledger, cluster, changes, figures, local);
    }

    /// What the call has taken. It is to be settled by its receipt, however it ends.
    ///
    /// Refusal: switched off by an operator; a limit or a budget that does not hold this call; a call that
    /// cannot be bounded under a strict budget, or could cost more than one call may; the ledger cannot be
    /// asked, and money is enforced. Then nothing is taken.
    public Admission enter(Caller caller, Call call, Labels labels, Route route) {
        var product = caller.product(call.product() != null ? call.product() : labels.product());
        changes.check(caller, route, product, Scopes.user(caller, call, labels));
        var ask = scopes.ask(caller, call, labels, route);
        if (ask.roots().isEmpty() && caller.bounds().perCall() == null && nothingElsewhere(route)) {
            return new Entering(new Amounts(0, 0, 0), call, route).free();
        }
        long start = System.nanoTime();
        var entering = new Entering(Amounts.of(caller, call, route, ask, catalogue), call, route);
        try {
            ask.demands(entering.amounts).forEach(entering::take);
            return entering.admission();
        } catch (Refusal refusal) {
            entering.giveBack();
            throw refusal;
        } finally {
            figures.admission(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /// True where no target has budgets or limits of its own.
    private boolean nothingElsewhere(Route route) {
        return route.targets().stream()
                .allMatch(target -> scopes.provider(target.provider()).isEmpty());
    }

    /// One call on its way through its roots.
    private final class Entering implements Further {
        private final Amounts amounts;
        private final Call call;
        private final Route route;
        private final List<Admission.Taken> taken = new ArrayList<>();
        private final List<Demand> takenHere = new ArrayList<>();

        Entering(Amounts amounts, Call call, Route route) {
            this.amounts = amounts;
            this.call = call;
            this.route = route;
        }

        @Override
        public Money estimate(Target next) {
            return Estimate.of(call, route).cost(catalogue, call, route, next);
        }

        @Override
        public Joined join(Target next) {
            if (changes.isOff(next.provider())) {
                return new Joined.Refused();
            }
            return scopes.provider(next.provider())
                    .map(root -> join(root, next))
                    .orElseGet(Joined.Nothing::new);
        }

        private Joined join(Ask.Root root, Target next) {
            return worst(new Ask(List.of(root)))
                    .map(worst -> new Amounts(estimate(next).nanos(), worst.nanos(), amounts.tokens()))
                    .map(here -> take(root.demand(here), here))
                    .orElseGet(Joined.Refused::new);
        }

        /// What a strict budget of this provider alone holds; empty where the call has no worst case.
        private Optional<Money> worst(Ask ask) {
            var known = new Money(amounts.worst());
            if (!ask.isStrict()) {
                return Optional.of(known);
            }
            return switch (Bound.of(call, route, catalogue)) {
                case Bound.Worst worst -> Optional.of(worst.cost());
                case Bound.Unbounded _ -> ask.isBinding() ? Optional.empty() : Optional.of(known);
            };
        }

        private Joined take(Demand demand, Amounts here) {
            return switch (ledger.enter(demand, here.tokens())) {
                case Entered.In in -> {
                    figures.shadowed(in.shadowed());
                    yield new Joined.In(new Admission.Taken(demand, in.id(), in.at()));
                }
                case Entered.Refused refused -> {
                    figures.shadowed(refused.shadowed());
                    figures.denied(refused.denial());
                    yield new Joined.Refused();
                }
                case Entered.NoLedger none -> {
                    figures.noLedger(none.why());
                    yield demand.enforcesMoney() ? new Joined.Refused() : new Joined.Nothing();
                }
            };
        }

        void take(Demand demand) {
            switch (ledger.enter(demand, amounts.tokens())) {
                case Entered.In in -> {
                    taken.add(new Admission.Taken(demand, in.id(), in.at()));
                    figures.shadowed(in.shadowed());
                }
                case Entered.Refused refused -> {
                    figures.shadowed(refused.shadowed());
                    throw deny(refused.denial(), demand);
                }
                case Entered.NoLedger none -> withoutLedger(demand, none.why());
            }
        }

        private Refusal deny(Denial denial, Demand demand) {
            figures.denied(denial);
            return Denials.refusal(denial, demand.wanted(denial.account()));
        }

        /// Money waits for the ledger; the rest goes on with this replica's share of each limit.
        private void withoutLedger(Demand demand, String why) {
            figures.noLedger(why);
            if (demand.enforcesMoney()) {
                throw Denials.noLedger(why);
            }
            Optional<Denial> denial = local.take(demand.claims(), amounts.tokens(), cluster.replicas(), cluster.now());
            if (denial.isPresent()) {
                throw deny(denial.get(), demand);
            }
            takenHere.add(demand);
        }

        /// Nothing is limited; an operator may still switch a provider off.
        Admission free() {
            return new Admission(null, List.of(), 0, 0, this, () -> {});
        }

        Admission admission() {
            return new Admission(ledger, taken, amounts.estimate(), amounts.tokens(), this, this::freeHere);
        }

        void giveBack() {
            taken.forEach(it -> ledger.end(
                    it.demand().root(),
                    it.id(),
                    List.of(),
                    new Settle.Ended(it.id().seq(), amounts.tokens(), Admission.limitedByTokens(it.demand()))));
            freeHere();
        }

        private void freeHere() {
            takenHere.forEach(demand -> local.free(demand.claims()));
        }
    }

    /// How all budgets and limits of a caller stand, as the JSON of `GET /v1/usage`: amounts are decimal
    /// numbers of dollars with nine digits, spent excludes held, and absent is the part of held whose process
    /// is gone.
    ///
    /// Refusal: the ledger cannot be asked.
    public byte[] usage(Caller caller, Labels labels) {
        var standings = new Standings();
        for (var demand : scopes.standing(caller, labels).demands(new Amounts(0, 0, 0))) {
            try {
                standings.add(demand.claims(), ledger.look(demand.root(), demand.claims()));
            } catch (Unreachable e) {
                throw Denials.noLedger("the ledger cannot be asked");
            }
        }
        return standings.json();
    }
}
