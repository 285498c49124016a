package com.posthog.aigateway.config;

import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.config.CallerSettings.Budget;
import com.posthog.aigateway.config.CallerSettings.Limit;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What must fit together in `config/callers.yaml`.
final class CallerRules {

    /// Where a budget or a limit stands, and for which scopes it may be there.
    private record Ground(
            String name, Set<Scope> scopes, @Nullable Scope own) {}

    private static final Set<Scope> OF_TEAM =
            EnumSet.of(Scope.TEAM, Scope.PRODUCT, Scope.USER, Scope.CREDENTIAL, Scope.MODEL);
    private static final Set<Scope> ACROSS = EnumSet.of(Scope.PRODUCT, Scope.PROVIDER, Scope.MODEL);

    private final CallerSettings settings;
    private final Faults faults;

    CallerRules(CallerSettings settings, Faults faults) {
        this.settings = settings;
        this.faults = faults;
    }

    void check() {
        organisations();
        for (var team : settings.teams()) {
            lines(new Ground("team '" + team.id() + "'", OF_TEAM, null), team.budgets(), team.limits());
        }
        credentials();
        caps();
    }

    private void organisations() {
        var teams = settings.teams().stream().map(CallerSettings.Team::id).collect(Collectors.toSet());
        var homes = new HashMap<String, String>();
        for (var organisation : settings.organisations()) {
            var name = "organisation '" + organisation.id() + "'";
            for (var team : organisation.teams()) {
                if (!teams.contains(team)) {
                    faults.add(organisation.at(), name + " names the unknown team '" + team + "'");
                }
                var other = homes.putIfAbsent(team, organisation.id());
                if (other != null) {
                    faults.add(
                            organisation.at(),
                            name + " names the team '" + team + "', which organisation '" + other
                                    + "' has already; a team is in one");
                }
            }
            lines(
                    new Ground(name, EnumSet.of(Scope.ORGANISATION), Scope.ORGANISATION),
                    organisation.budgets(),
                    organisation.limits());
        }
    }

    private void credentials() {
        var teams = settings.teams().stream().map(CallerSettings.Team::id).collect(Collectors.toSet());
        for (var credential : settings.credentials()) {
            if (!teams.contains(credential.team())) {
                faults.add(
                        credential.at(),
                        "credential '" + credential.id() + "' names the unknown team '" + credential.team() + "'");
            }
        }
    }

    private void caps() {
        var products = products();
        var seen = new HashSet<String>();
        for (var cap : settings.caps()) {
            var name = "the cap on " + cap.scope().word() + " '" + cap.name() + "'";
            if (!ACROSS.contains(cap.scope())) {
                faults.add(
                        cap.at(),
                        name + " does not cut across teams; 'scope' must be one of " + words(ACROSS)
                                + ", others stand on a team or an organisation");
                continue;
            }
            if (cap.scope() == Scope.PRODUCT && !products.contains(cap.name())) {
                faults.add(cap.at(), name + " names an unknown product; no team and no credential lists it");
            }
            if (!seen.add(cap.scope().word() + ":" + cap.name())) {
                faults.add(cap.at(), name + " stands twice; keep one");
            }
            lines(new Ground(name, EnumSet.of(cap.scope()), cap.scope()), cap.budgets(), cap.limits());
        }
    }

    private Set<String> products() {
        var products = new HashSet<String>();
        settings.teams().forEach(team -> products.addAll(team.products()));
        settings.credentials().forEach(credential -> products.addAll(credential.products()));
        return products;
    }

    private void lines(Ground ground, List<Budget> budgets, List<Limit> limits) {
        var seen = new HashSet<String>();
        for (var budget : budgets) {
            var scope = scope(ground, "budget", budget.scope(), budget.at());
            once(seen, ground, scope, "budgets with the window " + budget.window(), budget.at());
        }
        for (var limit : limits) {
            var scope = scope(ground, "limit", limit.scope(), limit.at());
            if (limit.requestsPerMinute() != null) {
                once(seen, ground, scope, "limits 'requests_per_minute'", limit.at());
            }
            if (limit.tokensPerMinute() != null) {
                once(seen, ground, scope, "limits 'tokens_per_minute'", limit.at());
            }
            if (limit.concurrent() != null) {
                once(seen, ground, scope, "limits 'concurrent'", limit.at());
            }
        }
    }

    /// Null where it is at fault.
    private @Nullable Scope scope(Ground ground, String kind, @Nullable Scope named, At at) {
        var scope = named == null ? ground.own() : named;
        if (scope == null) {
            faults.add(at, "the key 'scope' is missing; it must be one of " + words(ground.scopes()));
        } else if (!ground.scopes().contains(scope)) {
            faults.add(
                    at,
                    "a " + kind + " of scope '" + scope.word() + "' cannot stand on " + ground.name()
                            + "; 'scope' must be one of " + words(ground.scopes()));
            return null;
        }
        return scope;
    }

    private void once(Set<String> seen, Ground ground, @Nullable Scope scope, String what, At at) {
        if (scope != null && !seen.add(scope + " " + what)) {
            faults.add(at, ground.name() + " has two " + what + " for scope '" + scope.word() + "'; keep one");
        }
    }

    private static String words(Set<Scope> scopes) {
        return scopes.stream().map(Scope::word).collect(Collectors.joining(", "));
    }
}
