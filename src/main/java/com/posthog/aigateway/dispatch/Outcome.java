package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.Skipped;
import com.posthog.aigateway.catalogue.Target;
import java.util.List;

/// What came of asking the targets of a route.
public sealed interface Outcome {

    /// In the order they were made.
    List<Attempt> attempts();

    /// Targets that were passed over, in the order of the route.
    List<Skipped> skipped();

    /// A target answered, with whatever status: its reply is open.
    ///
    /// @param served which of the attempts brought the reply
    record Answered(Reply reply, Target target, int served, List<Attempt> attempts, List<Skipped> skipped)
            implements Outcome {}

    /// None answered.
    ///
    /// @param refusal for the caller
    /// @param mayBill true when the provider that was asked last may have taken the request up all the same
    record Unanswerable(Refusal refusal, boolean mayBill, List<Attempt> attempts, List<Skipped> skipped)
            implements Outcome {}

    /// The caller left while we waited.
    ///
    /// @param mayBill true when the provider that was asked last may have taken the request up all the same
    record CallerLeft(boolean mayBill, List<Attempt> attempts, List<Skipped> skipped) implements Outcome {}
}
