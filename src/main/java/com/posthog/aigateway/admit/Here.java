package com.posthog.aigateway.admit;

import java.util.Set;
import java.util.UUID;

/// What the member that decides knows beside the entry.
///
/// @param now the cluster's time, in milliseconds since 1970
/// @param living the members of the cluster
/// @param broken no law, outside of proofs
record Here(long now, Set<UUID> living, Set<Law> broken) {

    boolean keeps(Law law) {
        return !broken.contains(law);
    }
}
