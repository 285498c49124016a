package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.telemetry.Counter;
import com.posthog.aigateway.telemetry.Metrics;

/// What becomes of attempts, as metrics.
public final class DispatchFigures {

    private final Counter failovers;
    private final Counter skipped;
    private final Counter stripped;
    private final Counter accountFaults;

    public DispatchFigures(Metrics metrics) {
        failovers = metrics.counter(
                "aigw_failovers", "Attempts that another target followed", "provider", "next", "reason");
        skipped = metrics.counter("aigw_targets_skipped", "Targets that were passed over", "provider", "reason");
        stripped = metrics.counter(
                "aigw_stripped", "What calls had to leave out for a fallback target, by name", "provider", "field");
        accountFaults = metrics.counter(
                "aigw_provider_account_faults",
                "Attempts that failed because a provider rejected our own key, or our account is used up",
                "provider",
                "reason");
    }

    void failedOver(Target from, Target to, Fault.Kind why) {
        failovers.add(1, from.provider().id(), to.provider().id(), why.word());
    }

    /// @param reason one of a few words
    void skipped(Target target, String reason) {
        skipped.add(1, target.provider().id(), reason);
    }

    void stripped(Target target, String field) {
        stripped.add(1, target.provider().id(), field);
    }

    void accountFault(Target target, Fault fault) {
        var refusal = fault.refusal();
        if (refusal != null) {
            accountFaults.add(1, target.provider().id(), refusal.reason().word());
        }
    }
}
