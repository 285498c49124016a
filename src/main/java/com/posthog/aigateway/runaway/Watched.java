package com.posthog.aigateway.runaway;

import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Receipt;

/// One call whose caller is watched.
public interface Watched {

    /// A call that cannot run away: it costs nothing, or nobody watches.
    Watched NOT = new Watched() {
        @Override
        public void spends(Money estimate) {}

        @Override
        public void ended(Receipt receipt) {}
    };

    /// It goes to a provider, at an estimate that counts at once.
    void spends(Money estimate);

    /// What it cost takes the place of the estimate. A call that was refused never was.
    void ended(Receipt receipt);
}
