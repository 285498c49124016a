package com.posthog.aigateway.admit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Somebody met a placeholder, then read the roster, and collects its answers.
final class HistoryAsk {

    final long placeholder;
    final Set<HistoryReplica.Epoch> needed;
    final Set<HistoryReplica> asked = new HashSet<>();
    final Set<HistoryReplica> answered = new HashSet<>();
    final Set<HistoryReplica.Epoch> told = new HashSet<>();
    final Set<Long> closed = new HashSet<>();
    final List<Statement> statements = new ArrayList<>();
    final Map<Long, Map<HistoryReplica.Line, Long>> checkpoints = new HashMap<>();
    boolean sent;

    HistoryAsk(long placeholder, Set<HistoryReplica.Epoch> needed, Set<HistoryReplica> data) {
        this.placeholder = placeholder;
        this.needed = needed;
        needed.forEach(epoch -> asked.add(epoch.replica));
        asked.addAll(data);
    }

    boolean waitsFor(HistoryReplica replica) {
        return !sent && asked.contains(replica) && !answered.contains(replica);
    }

    boolean isComplete() {
        return !sent && answered.containsAll(asked) && told.containsAll(needed);
    }

    void learn(Map<Long, Map<HistoryReplica.Line, Long>> checkpoint) {
        checkpoint.forEach((epoch, lines) -> {
            var known = checkpoints.computeIfAbsent(epoch, _ -> new HashMap<>());
            lines.forEach((line, nanos) -> known.merge(line, nanos, Math::max));
        });
    }

    Create create() {
        var totals = new HashMap<Long, List<Total>>();
        checkpoints.forEach((epoch, lines) -> totals.put(epoch, HistoryReplica.totals(lines)));
        return new Create(placeholder, statements, totals, List.copyOf(closed));
    }
}
