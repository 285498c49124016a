package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Target;
import java.util.List;

/// What came of asking the targets of a route.
public sealed interface Outcome {

    /// In the order they were made; the last is the one that decided.
    List<Attempt> attempts();

    /// A target answered, with whatever status: its reply is open.
    record Answered(Reply reply, Target target, List<Attempt> attempts) implements Outcome {}

    /// None answered.
    ///
    /// @param refusal for the caller
    /// @param mayBill true when a provider may have taken the request up all the same
    record Unanswerable(Refusal refusal, boolean mayBill, List<Attempt> attempts) implements Outcome {}

    /// The caller left while we waited.
    ///
    /// @param mayBill true when a provider may have taken the request up all the same
    record CallerLeft(boolean mayBill, List<Attempt> attempts) implements Outcome {}
}
