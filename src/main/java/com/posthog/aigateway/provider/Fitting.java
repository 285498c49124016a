package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;

/// Decides before a fallback is tried whether it can serve a call, and says the call in the target's own words.
@FunctionalInterface
public interface Fitting {

    Fit fit(Call call, Route route, Target target);
}
