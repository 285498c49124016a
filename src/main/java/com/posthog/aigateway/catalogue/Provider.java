package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.config.Secret;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who answers, on one account: a base URL, how it is spoken to there, and how we show who we are.
///
/// @param url without the paths of its wire; nowhere, where it is not known
/// @param apiVersion what Azure is asked by; null: nothing
/// @param headers sent there with every request, such as the workspace that is meant
public record Provider(
        String id,
        Family family,
        URI url,
        Wire wire,
        @Nullable String apiVersion,
        Map<String, String> headers,
        Auth auth) {

    public Provider {
        headers = Map.copyOf(headers);
    }

    /// One that speaks as the family's own house does.
    ///
    /// @param key null: nothing can be sent there
    public Provider(String id, Family family, URI url, @Nullable Secret key) {
        this(
                id,
                family,
                url,
                Wire.NATIVE,
                null,
                Map.of(),
                key == null ? new Auth.None("has no key") : new Auth.Key(key));
    }

    public boolean configured() {
        return lack().isEmpty();
    }

    /// Why nothing can be sent there, where it cannot.
    public Optional<String> lack() {
        return auth instanceof Auth.None none ? Optional.of(none.lack()) : Optional.empty();
    }
}
