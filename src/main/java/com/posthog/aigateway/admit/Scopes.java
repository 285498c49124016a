package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Caller.MayName;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Model;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.config.CallerSettings;
import com.posthog.aigateway.config.Faults;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which budgets and limits a call falls under. All that does not change from call to call is worked out at
/// the start.
public final class Scopes {

    /// A team, and the organisation it is in.
    private record Home(Account root, @Nullable Account organisation, boolean requiresUser, Map<Scope, Rules> rules) {

        Rules of(Scope scope) {
            return rules.getOrDefault(scope, Rules.NONE);
        }
    }

    /// The model's name where the catalogue does not know it: a caller cannot get new accounts by making up
    /// names.
    private static final String UNKNOWN = "(unknown)";

    /// Of a name that a caller chooses. A longer one is kept as its digest.
    private static final int LONGEST = 200;

    private final Map<String, Home> homes;
    private final Map<Account, Rules> across;
    private final Overrides overrides;

    private Scopes(Map<String, Home> homes, Map<Account, Rules> across, Overrides overrides) {
        this.homes = Map.copyOf(homes);
        this.across = Map.copyOf(across);
        this.overrides = overrides;
    }

    /// Those of a file; caps on what the catalogue does not know become faults.
    public static Scopes of(CallerSettings settings, Catalogue catalogue, Faults faults) {
        var organisations = new HashMap<String, CallerSettings.Organisation>();
        for (var organisation : settings.organisations()) {
            organisation.teams().forEach(team -> organisations.put(team, organisation));
        }
        var homes = new HashMap<String, Home>();
        for (var team : settings.teams()) {
            homes.put(team.id(), home(team, organisations.get(team.id())));
        }
        var across = new HashMap<Account, Rules>();
        for (var cap : settings.caps()) {
            checkKnown(cap, catalogue, faults);
            across.put(new Account(cap.scope(), cap.name()), Rules.of(cap.scope(), cap.budgets(), cap.limits()));
        }
        return new Scopes(homes, across, Overrides.NONE);
    }

    private static Home home(CallerSettings.Team team, CallerSettings.@Nullable Organisation organisation) {
        var rules = new HashMap<Scope, Rules>();
        for (var scope : List.of(Scope.TEAM, Scope.PRODUCT, Scope.MODEL, Scope.USER, Scope.CREDENTIAL)) {
            rules.put(scope, Rules.of(scope, team.budgets(), team.limits()));
        }
        var account = new Account(Scope.TEAM, team.id());
        if (organisation == null) {
            return new Home(account, null, team.requireUser(), rules);
        }
        rules.put(Scope.ORGANISATION, Rules.of(Scope.ORGANISATION, organisation.budgets(), organisation.limits()));
        var above = new Account(Scope.ORGANISATION, organisation.id());
        return new Home(above, above, team.requireUser(), rules);
    }

    private static void checkKnown(CallerSettings.Across cap, Catalogue catalogue, Faults faults) {
        var known = switch (cap.scope()) {
            case PROVIDER -> catalogue.providers().stream().map(Provider::id).toList();
            case MODEL -> catalogue.models().stream().map(Model::id).toList();
            case ORGANISATION, TEAM, PRODUCT, USER, CREDENTIAL -> List.of(cap.name());
        };
        if (!known.contains(cap.name())) {
            faults.add(
                    cap.at(),
                    "the cap on " + cap.scope().word() + " '" + cap.name() + "' names an unknown "
                            + cap.scope().word() + "; 'id' must be one of the catalogue's ids");
        }
    }

    /// The same, as operators change it while we run.
    public Scopes with(Overrides overrides) {
        return new Scopes(homes, across, overrides);
    }

    /// What this call asks of the ledger, its first attempt being at the route's first target.
    ///
    /// Refusal: the team wants to know the user, and the call names none.
    Ask ask(Caller caller, Call call, Labels labels, Route route) {
        var user = user(caller, call, labels);
        var home = homes.get(caller.team());
        if (home != null
                && home.requiresUser()
                && user == null
                && call.endpoint().isBilled()) {
            throw userMissing(caller);
        }
        var product = caller.product(call.product() != null ? call.product() : labels.product());
        var model = route.model() == null
                ? (route.named() == null ? null : UNKNOWN)
                : route.model().id();
        var roots = new ArrayList<Ask.Root>();
        own(caller, product == null ? List.of() : List.of(product), model, user).ifPresent(roots::add);
        across(Scope.PRODUCT, product).ifPresent(roots::add);
        provider(route.primary().provider()).ifPresent(roots::add);
        across(Scope.MODEL, model).ifPresent(roots::add);
        return new Ask(roots);
    }

    /// What an attempt at this provider asks of the ledger beside what its call asks.
    Optional<Ask.Root> provider(Provider provider) {
        return across(Scope.PROVIDER, provider.id());
    }

    /// What stands for a caller whatever it calls: all but models and providers.
    ///
    /// @param labels of the question; they may name a user
    Ask standing(Caller caller, Labels labels) {
        boolean named = caller.mayName(MayName.USER) && labels.distinctId() != null;
        var roots = new ArrayList<Ask.Root>();
        own(caller, caller.products(), null, named ? labels.distinctId() : caller.user())
                .ifPresent(roots::add);
        caller.products().forEach(product -> across(Scope.PRODUCT, product).ifPresent(roots::add));
        return new Ask(roots);
    }

    private Optional<Ask.Root> own(
            Caller caller, List<String> products, @Nullable String model, @Nullable String user) {
        var home = homes.get(caller.team());
        if (home == null) {
            return Optional.empty();
        }
        var stakes = new ArrayList<Stake>();
        var organisation = home.organisation();
        add(stakes, home, Scope.ORGANISATION, organisation == null ? null : organisation.id());
        add(stakes, home, Scope.TEAM, caller.team());
        products.forEach(product -> add(stakes, home, Scope.PRODUCT, inTeam(caller, product)));
        add(stakes, home, Scope.MODEL, inTeam(caller, model));
        add(stakes, home, Scope.USER, inTeam(caller, user));
        var ofCredential =
                home.of(Scope.CREDENTIAL).withLifetime(caller.bounds().lifetime());
        add(stakes, ofCredential, Scope.CREDENTIAL, caller.credential());
        return stakes.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ask.Root(home.root().toString(), stakes));
    }

    private void add(List<Stake> stakes, Home home, Scope scope, @Nullable String id) {
        add(stakes, home.of(scope), scope, id);
    }

    private void add(List<Stake> stakes, Rules rules, Scope scope, @Nullable String id) {
        if (id != null && !rules.isEmpty()) {
            stakes.add(rules.stake(new Account(scope, id), overrides));
        }
    }

    private Optional<Ask.Root> across(Scope scope, @Nullable String id) {
        if (id == null || across.isEmpty()) {
            return Optional.empty();
        }
        var account = new Account(scope, id);
        var rules = across.getOrDefault(account, Rules.NONE);
        return rules.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ask.Root(account.toString(), List.of(rules.stake(account, overrides))));
    }

    /// The user that limits are for: as the caller names it where it may, else the credential's own, else the
    /// body's where that is wanted.
    static @Nullable String user(Caller caller, Call call, Labels labels) {
        if (caller.mayName(MayName.USER) && labels.distinctId() != null) {
            return labels.distinctId();
        } else if (caller.user() != null || !caller.userFromBody()) {
            return caller.user();
        }
        var body = call.body();
        var named = call.endpoint().shape().family() == Family.ANTHROPIC
                ? body.text("metadata", "user_id")
                : body.text("user");
        return named.filter(user -> !user.isBlank()).orElse(null);
    }

    private static Refusal userMissing(Caller caller) {
        var send = Stream.of(
                        caller.mayName(MayName.USER) ? "the header 'X-PostHog-Distinct-Id'" : "",
                        caller.userFromBody() ? "the body's 'user' or 'metadata.user_id'" : "")
                .filter(way -> !way.isEmpty())
                .toList();
        return new Refusal(
                Reason.MALFORMED,
                "team '" + caller.team() + "' wants every call to name its user; "
                        + (send.isEmpty()
                                ? "credential '" + caller.credential() + "' may not name one, so have it changed"
                                : "send it as " + String.join(" or as ", send)));
    }

    private static @Nullable String inTeam(Caller caller, @Nullable String name) {
        return name == null ? null : caller.team() + "/" + bounded(name);
    }

    private static String bounded(String name) {
        if (name.length() <= LONGEST) {
            return name;
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
