package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.config.Secret;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Who answers: a base URL, the dialect spoken there, and our key.
///
/// @param url without the `/v1` that the paths begin with
/// @param key null: nothing can be sent there
public record Provider(
        String id, Family family, URI url, @Nullable Secret key) {

    public boolean configured() {
        return key != null;
    }
}
