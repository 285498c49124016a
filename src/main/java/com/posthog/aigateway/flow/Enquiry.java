package com.posthog.aigateway.flow;

import com.posthog.aigateway.auth.Keys;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.resolve.ModelList;
import org.jspecify.annotations.Nullable;

/// What a known caller asks this gateway itself. No provider is asked, nothing is charged, and nothing is recorded.
public final class Enquiry {

    private final Keys keys;
    private final ModelList models;

    public Enquiry(Keys keys, ModelList models) {
        this.keys = keys;
        this.models = models;
    }

    /// Returns JSON: the models that the caller may use, or one of them.
    ///
    /// Refusal: no, unknown or expired credential; or not a model for this caller.
    ///
    /// @param family whose dialect is spoken
    /// @param model null: all
    public byte[] models(Headers headers, Family family, @Nullable String model) {
        var caller = keys.identify(headers);
        return model == null ? models.all(caller, family) : models.one(model, caller, family);
    }
}
