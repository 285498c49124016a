package com.posthog.aigateway.call;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who calls. It comes from the credential and from nothing else.
///
/// @param posthogTeamId the team's number in PostHog, for the event
/// @param products what the credential may be used for; the first is the default
/// @param models exact catalogue ids, or `*` for all
/// @param projectToken where the team's events go; null: the configured default
public record Caller(
        String credential,
        String team,
        @Nullable Long posthogTeamId,
        @Nullable String user,
        List<String> products,
        Set<MayName> mayName,
        Set<String> models,
        @Nullable String projectToken,
        boolean recordsContent) {

    public enum MayName {
        USER,
        PRODUCT
    }

    public Caller {
        products = List.copyOf(products);
        mayName = Set.copyOf(mayName);
        models = Set.copyOf(models);
    }

    public boolean mayUse(String model) {
        return models.contains("*") || models.contains(model);
    }
}
