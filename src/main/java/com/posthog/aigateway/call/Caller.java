package com.posthog.aigateway.call;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who calls. It comes from the credential and from nothing else.
///
/// @param posthogTeamId the team's number in PostHog, for the event
/// @param products what the credential may be used for; the first is the default
/// @param userFromBody true: where nothing else names the user, the body does, for limits
/// @param models exact catalogue ids, or `*` for all
/// @param projectToken where the team's events go; null: the configured default
public record Caller(
        String credential,
        String team,
        @Nullable Long posthogTeamId,
        @Nullable String user,
        List<String> products,
        Set<MayName> mayName,
        boolean userFromBody,
        Set<String> models,
        @Nullable String projectToken,
        boolean recordsContent,
        Bounds bounds) {

    /// What the credential by itself allows.
    ///
    /// @param lifetime what may be spent with it, ever; null: no such bound
    /// @param perCall what one call may cost at most; null: no such bound
    public record Bounds(@Nullable Money lifetime, @Nullable Money perCall) {
        public static final Bounds NONE = new Bounds(null, null);
    }

    public enum MayName {
        USER,
        PRODUCT
    }

    public Caller {
        products = List.copyOf(products);
        mayName = Set.copyOf(mayName);
        models = Set.copyOf(models);
    }

    public boolean mayName(MayName what) {
        return mayName.contains(what);
    }

    /// What a call is for: its own word where the credential may be used for that, or may name another; else the
    /// credential's first. Null where it has none.
    public @Nullable String product(@Nullable String named) {
        if (named != null && (products.contains(named) || mayName(MayName.PRODUCT))) {
            return named;
        }
        return products.isEmpty() ? null : products.getFirst();
    }

    public boolean mayUse(String model) {
        return models.contains("*") || models.contains(model);
    }
}
