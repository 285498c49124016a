package com.posthog.aigateway.cluster;

import org.jspecify.annotations.Nullable;

/// This process cannot join; the message says in one line why, and what to do.
public final class ClusterFault extends RuntimeException {

    ClusterFault(String what, @Nullable Throwable cause) {
        super(what.replaceAll("\\R", " "), cause);
    }

    ClusterFault(String what) {
        this(what, null);
    }
}
