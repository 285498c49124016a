package com.posthog.aigateway.flow;

import com.posthog.aigateway.auth.Keys;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.record.LabelReader;
import com.posthog.aigateway.resolve.ModelList;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// What a known caller asks this gateway itself. No provider is asked, nothing is charged, and nothing is
/// recorded.
public final class Enquiry {

    private final Keys keys;
    private final ModelList models;
    private final BiFunction<Caller, Labels, byte[]> usage;

    /// @param usage tells as JSON how the budgets and limits of a caller stand, with the user and product that he names
    public Enquiry(Keys keys, ModelList models, BiFunction<Caller, Labels, byte[]> usage) {
        this.keys = keys;
        this.models = models;
        this.usage = usage;
    }

    /// Returns JSON: the budgets and limits that the caller's calls fall under, and how each stands.
    ///
    /// Refusal: no, unknown or expired credential; or the ledger cannot be asked.
    public byte[] usage(Headers headers) {
        return usage.apply(keys.identify(headers), LabelReader.names(headers));
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
