package com.posthog.aigateway.proof;

/// How one replica was stopped and started again. Times are in milliseconds; moments since 1970.
///
/// @param decided how many ledgers it decided before, of all `ledgers`
/// @param signal when it was told to stop, and `back` when it was ready again
/// @param notReady how long `/ready` still said yes
/// @param open how many calls it was answering at the signal
/// @param drained how long they took to end, from the signal
/// @param shut how long it took to close the public port and to settle all, deliver all and leave the others
/// @param exit its exit code
/// @param started how long it took from its start to be ready
record Departure(
        int replica,
        int decided,
        int ledgers,
        long signal,
        long back,
        long notReady,
        int open,
        long drained,
        long shut,
        int exit,
        long started) {}
