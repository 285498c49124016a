package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import org.jspecify.annotations.Nullable;

/// Speaks with one kind of provider. Its replies are in the caller's own shape.
public interface ProviderClient {

    /// Asks one provider.
    ///
    /// @param model as it is to be named there; null: as the caller named it
    Reply ask(Call call, Provider provider, @Nullable String model, Patience patience, Hangup hangup) throws Unanswered;
}
