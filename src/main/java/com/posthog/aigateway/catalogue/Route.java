package com.posthog.aigateway.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which targets may answer a call, in order.
///
/// @param model null for one that the catalogue does not know
/// @param named the model as the caller named it; null where none was named
/// @param targets at least one
public record Route(@Nullable Model model, @Nullable String named, List<Target> targets) {

    public Route {
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a route needs a target");
        }
    }

    public Target primary() {
        return targets.getFirst();
    }

    /// How the model is named to a target; null where the call names none. A snapshot's name and an unknown one go as
    /// the caller wrote them: they mean something to the provider.
    public @Nullable String modelAt(Target target) {
        return model == null || (named != null && Snapshot.of(named).isPresent()) ? named : target.model();
    }

    public boolean mayReason() {
        return model == null || model.reasons();
    }
}
