package com.posthog.aigateway.proof;

/// By how much a breathing budget was overrun, and by how much it may have been, in nano-dollars.
///
/// @param unknown of calls without a final usage: what was billed above the best estimate
/// @param hidden of the calls that were alive at the limit: what no stream shows
/// @param told what all receipts say that their calls cost beyond their holds
record Overrun(long nanos, long unknown, long hidden, long told) {

    static final Overrun NONE = new Overrun(0, 0, 0, 0);

    /// Above the formula.
    long beyond() {
        return Math.max(0, nanos - unknown - hidden);
    }

    /// Above what the receipts confess.
    long untold() {
        return Math.max(0, nanos - unknown - told);
    }

    Overrun plus(Overrun other) {
        return new Overrun(nanos + other.nanos, unknown + other.unknown, hidden + other.hidden, told + other.told);
    }
}
