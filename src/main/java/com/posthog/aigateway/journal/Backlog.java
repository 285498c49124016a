package com.posthog.aigateway.journal;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// Where the first undelivered id lies, at the lowest. Below it are the traces of deleted rows, which take long to
/// walk.
final class Backlog {

    private final Object marks = new Object();
    private UUID start = Key.LOWEST;
    private UUID lowestSince = Key.HIGHEST;

    /// To be called after the row is written: a walk either sees the row, or is told of it here.
    void marked(UUID id) {
        synchronized (marks) {
            lowestSince = Key.lower(id, lowestSince);
            start = Key.lower(id, start);
        }
    }

    /// One walk at a time.
    synchronized List<UUID> walk(Function<UUID, List<UUID>> scan) {
        UUID from;
        synchronized (marks) {
            from = start;
            lowestSince = Key.HIGHEST;
        }
        var ids = scan.apply(from);
        var first = ids.isEmpty() ? Key.HIGHEST : ids.getFirst();
        synchronized (marks) {
            start = Key.lower(first, lowestSince);
        }
        return ids;
    }
}
