package com.posthog.aigateway.journal;

import org.jspecify.annotations.Nullable;

/// The disk did not do what the journal promises; the message says in one line what happened and where.
public final class JournalFault extends RuntimeException {

    JournalFault(String what, @Nullable Throwable cause) {
        super(what.replaceAll("\\R", " "), cause);
    }

    JournalFault(String what) {
        this(what, null);
    }
}
