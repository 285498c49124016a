package com.posthog.aigateway.provider.fit;

/// Where a call would go.
///
/// @param generation of the model that is meant
/// @param home true where the caller's earlier turns came from
record Place(TargetKind kind, Generation generation, boolean home) {}
