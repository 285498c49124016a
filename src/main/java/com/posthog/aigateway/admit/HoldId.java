package com.posthog.aigateway.admit;

/// A hold's name in its root.
///
/// @param epoch one start of one process: a random number, in its journal
/// @param seq counted by that process, for that root
record HoldId(long epoch, long seq) {}
