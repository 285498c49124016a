package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What a call cost beyond what was held for it, and why nobody knew in time. No budget is overrun by more than the
/// sum of these over its calls.
public record Overrun(Cause cause, Money amount) {

    /// In the order in which they are blamed.
    public enum Cause {
        /// A budget with `at_limit: finish` let the hold of its stream grow over its limit.
        FINISH,
        /// Output that was shown before its hold had grown: what `finish` does not wait for, and a large last event.
        RAN_AHEAD,
        /// The answer names a dearer service tier, speed or place.
        TIER,
        /// Searches, and steps that are billed beside the totals.
        SERVER_TOOLS,
        /// More input than its bytes let expect.
        INPUT,
        /// More output than the stream showed: reasoning.
        HIDDEN_OUTPUT,
        /// The answer was not streamed, and longer than usual.
        NOT_STREAMED;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
