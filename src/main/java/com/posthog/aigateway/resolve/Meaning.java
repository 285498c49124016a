package com.posthog.aigateway.resolve;

import com.posthog.aigateway.catalogue.Model;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Snapshot;
import com.posthog.aigateway.catalogue.Target;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a caller's name of a model means.
///
/// @param name as the model's own provider knows it: the id, an alias, or a snapshot's name
/// @param stranger true for a snapshot that the catalogue does not know; only its model, which gives it its price
/// @param longContext true when the name asks for a context of a million tokens
record Meaning(Model model, String name, boolean stranger, boolean longContext) {

    /// Which targets may answer, and what is sent to each. A snapshot's name means something to the model's own
    /// provider
    /// and to nobody else; so does a model without targets, of which that provider says best what became of it.
    ///
    /// @param own the first provider of the model's family
    List<Target> targets(Provider own) {
        if (stranger || model.targets().isEmpty()) {
            return List.of(new Target(own, name, times(own)));
        }
        boolean snapshot = !name.equals(model.id()) && Snapshot.of(name).isPresent();
        return model.targets().stream()
                .map(target -> snapshot && target.provider().equals(own)
                        ? new Target(own, name, target.priceTimes(), target.repeatsAfterTimeout())
                        : target)
                .toList();
    }

    private BigDecimal times(Provider own) {
        return model.targets().stream()
                .filter(target -> target.provider().equals(own))
                .map(Target::priceTimes)
                .findFirst()
                .orElse(BigDecimal.ONE);
    }

    /// What the name adds to `anthropic-beta`; null: nothing.
    @Nullable
    String beta() {
        return longContext ? model.longContextBeta() : null;
    }
}
