package com.posthog.aigateway.catalogue;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which targets may answer a call, in order.
///
/// @param model null for one that the catalogue does not know
/// @param named the model as the caller named it; null where none was named
/// @param beta what the name asks for beside the model: a word for `anthropic-beta`; null: nothing
/// @param targets at least one; each with the name that is sent there
/// @param keeper who has what the call goes on with; null: it goes on with nothing that is kept anywhere
public record Route(
        @Nullable Model model,
        @Nullable String named,
        @Nullable String beta,
        List<Target> targets,
        @Nullable Provider keeper) {

    public Route {
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a route needs a target");
        }
    }

    /// Of a call that begins anew.
    public Route(@Nullable Model model, @Nullable String named, @Nullable String beta, List<Target> targets) {
        this(model, named, beta, targets, null);
    }

    /// To a model that is named plainly.
    public Route(@Nullable Model model, @Nullable String named, List<Target> targets) {
        this(model, named, null, targets);
    }

    /// The same for a call that goes on with what that provider keeps: it comes first, if it is a target at all.
    public Route keptBy(Provider provider) {
        var keepersFirst =
                Comparator.comparing((Target target) -> !target.provider().id().equals(provider.id()));
        return new Route(
                model, named, beta, targets.stream().sorted(keepersFirst).toList(), provider);
    }

    public Target primary() {
        return targets.getFirst();
    }

    /// True for the provider that serves the model here when all is well, whichever place it has on this route:
    /// the first that is configured of the model's own.
    public boolean isOwn(Target target) {
        return model == null
                || model.targets().stream()
                        .map(Target::provider)
                        .filter(Provider::configured)
                        .findFirst()
                        .map(target.provider()::equals)
                        .orElse(true);
    }

    /// True for the account that the call's earlier turns came from: the one that keeps something of them, else the
    /// model's own.
    public boolean isHome(Target target) {
        return keeper == null ? isOwn(target) : target.provider().id().equals(keeper.id());
    }

    /// How the model is named to a target; null where the call names none.
    public @Nullable String modelAt(Target target) {
        return named == null ? null : target.model();
    }

    /// What calls like this one usually use.
    public Estimates estimates() {
        return model == null ? Estimates.REASONING : model.estimates();
    }

    public boolean mayReason() {
        return model == null || model.reasons();
    }
}
