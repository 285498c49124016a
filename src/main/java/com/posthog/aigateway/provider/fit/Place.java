package com.posthog.aigateway.provider.fit;

/// Where a call would go.
///
/// @param generation of the model that is meant
record Place(TargetKind kind, Generation generation) {}
