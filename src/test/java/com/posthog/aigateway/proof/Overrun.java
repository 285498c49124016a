package com.posthog.aigateway.proof;

/// By how much a breathing budget was overrun, and by how much it may have been, in nano-dollars.
///
/// @param unknown of calls without a final usage: what was billed above the best estimate
/// @param hidden of the calls that were alive at the limit: what no stream shows
record Overrun(long nanos, long unknown, long hidden) {

    static final Overrun NONE = new Overrun(0, 0, 0);

    long beyond() {
        return Math.max(0, nanos - unknown - hidden);
    }

    Overrun plus(Overrun other) {
        return new Overrun(nanos + other.nanos, unknown + other.unknown, hidden + other.hidden);
    }
}
