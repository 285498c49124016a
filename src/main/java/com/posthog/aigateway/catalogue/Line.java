package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.catalogue.Model.Status;
import java.util.List;
import java.util.Optional;

/// The models that follow each other under one family name.
///
/// @param names of the family, such as `sonnet`
/// @param models the newest first
public record Line(List<String> names, List<Model> models) {

    public Line {
        names = List.copyOf(names);
        models = List.copyOf(models);
    }

    /// The newest that its provider calls active.
    public Optional<Model> newest() {
        return models.stream()
                .filter(model -> model.status() == Status.ACTIVE || model.status() == Status.ACTIVE_LIMITED)
                .findFirst();
    }
}
