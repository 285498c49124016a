package com.posthog.aigateway.admit;

/// Whether a limit refuses, or only counts what it would have refused. What is off is never sent to the ledger.
enum Mode {
    ENFORCE,
    SHADOW
}
