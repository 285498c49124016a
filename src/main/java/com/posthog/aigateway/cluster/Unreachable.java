package com.posthog.aigateway.cluster;

import org.jspecify.annotations.Nullable;

/// An entry cannot be reached, or it is not known whether it was changed.
public final class Unreachable extends RuntimeException {

    /// Why, as a word for metrics.
    public enum How {
        NO_QUORUM,
        NO_DATA_MEMBER,
        UNKNOWN_OUTCOME,
        CLOSING
    }

    private final How how;

    public Unreachable(How how, @Nullable Throwable cause) {
        super(how.name(), cause, false, false);
        this.how = how;
    }

    public How how() {
        return how;
    }
}
