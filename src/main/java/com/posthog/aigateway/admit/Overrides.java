package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Window;
import java.util.OptionalLong;

/// What operators change of limits and budgets while we run.
public interface Overrides {

    Overrides NONE = new Overrides() {
        @Override
        public OptionalLong limit(Account account, String what) {
            return OptionalLong.empty();
        }

        @Override
        public long refilled(Account account, Window window) {
            return 0;
        }
    };

    /// What holds in the place of a configured limit.
    ///
    /// @param what the window of a budget, whose limit is in nano-dollars; or the kind of a limit, in its
    /// YAML word
    OptionalLong limit(Account account, String what);

    /// By how many nano-dollars refills raise the limit of a window now.
    long refilled(Account account, Window window);
}
