package com.posthog.aigateway.admit;

import com.posthog.aigateway.cluster.Cluster;
import com.posthog.aigateway.cluster.Cluster.Audience;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a missing entry back: asks the whole roster what it knows of the root, and puts it together.
final class Restorer {

    private static final Logger LOG = LoggerFactory.getLogger(Restorer.class);
    static final String ROOT = "ledger.root";
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration WITHOUT_ALL = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final Map<String, Long> incompleteSince = new ConcurrentHashMap<>();
    private final Map<String, Turn> turns = new ConcurrentHashMap<>();

    /// One at a time asks for a root.
    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock();
        private long restored;
    }

    Restorer(Cluster cluster, Function<String, Told> tell) {
        this.cluster = cluster;
        cluster.answer(
                ROOT,
                root -> tell.apply(new String(root, StandardCharsets.UTF_8)).bytes());
    }

    /// Tries once; another who tries it at the same time waits for this one. Returns false where somebody
    /// could not be asked, and so the entry cannot come back yet.
    ///
    /// @param placeholder the number that the entry has now
    /// @param strict true where it must not come back while anybody is missing, however long that takes
    boolean restore(String root, long placeholder, boolean strict) {
        var turn = turns.computeIfAbsent(root, _ -> new Turn());
        turn.lock.lock();
        try {
            if (turn.restored == placeholder) {
                return true;
            }
            boolean done = attempt(root, placeholder, strict);
            turn.restored = done ? placeholder : turn.restored;
            return done;
        } finally {
            turn.lock.unlock();
        }
    }

    private boolean attempt(String root, long placeholder, boolean strict) {
        var answers = ask(root);
        var missing = Roster.missing(answers);
        if (!missing.isEmpty() && (!waitedLongEnough(root, missing) || strict)) {
            return false;
        }
        incompleteSince.remove(root);
        var create = create(answers, placeholder);
        return !(cluster.run(root, new LedgerErrand(create)).answer() instanceof Answer.Missing);
    }

    private List<Told> ask(String root) {
        return cluster.ask(ROOT, root.getBytes(StandardCharsets.UTF_8), Audience.ALL, PATIENCE).values().stream()
                .filter(answer -> answer.length > 0)
                .map(Told::of)
                .toList();
    }

    private boolean waitedLongEnough(String root, Set<String> missing) {
        long now = cluster.now();
        long since = incompleteSince.computeIfAbsent(root, _ -> {
            LOG.error("the ledger of '{}' cannot come back whole: {} cannot be asked", root, missing);
            return now;
        });
        return now - since >= WITHOUT_ALL.toMillis();
    }

    /// How many roots wait for somebody who cannot be asked.
    int waiting() {
        return incompleteSince.size();
    }

    private Create create(Collection<Told> answers, long placeholder) {
        var statements = new ArrayList<Statement>();
        var checkpoints = new HashMap<Long, List<Total>>();
        var closed = Roster.closed(answers);
        for (var answer : answers) {
            statements.addAll(answer.known().statements());
            closed.addAll(answer.known().closed());
            answer.known()
                    .checkpoints()
                    .forEach((epoch, totals) -> checkpoints
                            .computeIfAbsent(epoch, _ -> new ArrayList<>())
                            .addAll(totals));
        }
        return new Create(placeholder, statements, checkpoints, List.copyOf(closed));
    }
}
