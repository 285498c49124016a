package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Window;

/// A budget as it holds for one call: limits travel with the operation and are never kept in the ledger.
///
/// @param nanos most that may be spent and held in the window, in nano-dollars
record Cap(Window window, long nanos, Mode mode) {}
