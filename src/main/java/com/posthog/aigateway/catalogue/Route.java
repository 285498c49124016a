package com.posthog.aigateway.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which targets may answer a call, in order.
///
/// @param model null for one that the catalogue does not know
/// @param named the model as the caller named it; null where none was named
/// @param beta what the name asks for beside the model: a word for `anthropic-beta`; null: nothing
/// @param targets at least one; each with the name that is sent there
public record Route(
        @Nullable Model model,
        @Nullable String named,
        @Nullable String beta,
        List<Target> targets) {

    public Route {
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a route needs a target");
        }
    }

    /// To a model that is named plainly.
    public Route(@Nullable Model model, @Nullable String named, List<Target> targets) {
        this(model, named, null, targets);
    }

    public Target primary() {
        return targets.getFirst();
    }

    /// True for the provider that serves the model here: the first of its own that is configured, whichever place it
    /// has
    /// on this route. What callers know of the model they know from there.
    public boolean isHome(Target target) {
        return model == null
                || model.targets().stream()
                        .map(Target::provider)
                        .filter(Provider::configured)
                        .findFirst()
                        .map(target.provider()::equals)
                        .orElse(true);
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
