package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How we show a provider who we are.
public sealed interface Auth {

    /// Not at all: nothing can be sent there.
    ///
    /// @param lack what is missing
    record None(String lack) implements Auth {}

    /// A key, in the header field of the provider's dialect.
    record Key(Secret key) implements Auth {}

    /// A key or token of long life, as a bearer.
    record Bearer(Secret token) implements Auth {}

    /// Requests are signed with what AWS's usual places of credentials give, or as a role.
    ///
    /// @param service as AWS knows it
    /// @param role null: as whoever the usual places say
    record Aws(String service, String region, @Nullable Role role) implements Auth {}

    /// A role that is taken up with a token in a file.
    record Role(String arn, Path tokenFile) {}

    /// A token of Microsoft Entra, which is fetched anew before it expires.
    ///
    /// @param authority where tokens are given out
    record Entra(String tenant, String clientId, Secret clientSecret, String scope, URI authority) implements Auth {}
}
