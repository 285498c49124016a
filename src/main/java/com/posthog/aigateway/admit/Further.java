package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.catalogue.Target;

/// What one more attempt of a call takes, wherever it is made.
interface Further {

    /// What came of asking for it at a provider's own budgets and limits.
    sealed interface Joined {

        /// There are none.
        record Nothing() implements Joined {}

        record In(Admission.Taken taken) implements Joined {}

        record Refused() implements Joined {}
    }

    /// What an attempt there is expected to cost before it begins.
    Money estimate(Target next);

    /// Takes what the provider's own budgets and limits want for one attempt.
    Joined join(Target next);
}
