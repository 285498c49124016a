package com.posthog.aigateway.admit;

import com.posthog.aigateway.telemetry.Counter;
import com.posthog.aigateway.telemetry.Metrics;
import com.posthog.aigateway.telemetry.Timer;
import java.time.Duration;
import java.util.List;

/// What admission decides, as metrics.
public final class AdmitFigures {

    private final Timer admission;
    private final Counter denials;
    private final Counter unreachable;

    public AdmitFigures(Metrics metrics) {
        admission = metrics.timer("aigw_admission_seconds", "How long limits and budgets took to be checked and taken");
        denials = metrics.counter(
                "aigw_denials", "Calls refused, or that would be, by limits and budgets", "scope", "what", "mode");
        unreachable = metrics.counter("aigw_ledger_unreachable", "Admissions that the ledger could not decide", "why");
    }

    void admission(Duration time) {
        admission.record(time);
    }

    void denied(Denial denial) {
        denials.add(1, denial.account().scope().word(), denial.what(), "enforce");
    }

    void shadowed(List<Denial> shadowed) {
        shadowed.forEach(denial -> denials.add(1, denial.account().scope().word(), denial.what(), "shadow"));
    }

    void noLedger(String why) {
        unreachable.add(1, why);
    }
}
