package com.posthog.aigateway.admit;

import com.posthog.aigateway.cluster.Cluster;
import com.posthog.aigateway.cluster.Cluster.Audience;
import com.posthog.aigateway.journal.LedgerRows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who must be asked before a missing entry comes back: every epoch that is not closed, and the journal of
/// every data member, as the union of what all data members' journals say. An epoch that is closed, and a
/// journal that is forgotten, stay so.
final class Roster {

    static final String CLOSED = "closed";
    static final String FORGOTTEN = "forgotten";
    private static final String HERE = "here";
    private static final String OPEN = "open ";
    private static final String EPOCH = "epoch ";
    private static final String JOURNAL = "journal ";
    private static final String FACT = "roster.fact";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final LedgerRows rows;
    private final long journal;

    Roster(Cluster cluster, LedgerRows rows, long journal) {
        this.cluster = cluster;
        this.rows = rows;
        this.journal = journal;
        cluster.answer(FACT, fact -> {
            var text = new String(fact, StandardCharsets.UTF_8).split("=", 2);
            note(text[0], text[1]);
            return new byte[0];
        });
    }

    private synchronized void note(String name, String fact) {
        var there = rows.roster().get(name);
        if (there == null || !isFinal(there)) {
            rows.enlist(name, fact);
            rows.sync();
        }
    }

    private static boolean isFinal(String fact) {
        return fact.equals(CLOSED) || fact.equals(FORGOTTEN);
    }

    /// Says on data members' disks that this epoch may have money in the ledger. Returns false while too few
    /// of them have heard it.
    boolean enlist(long epoch) {
        if (cluster.holdsData() && !tell(JOURNAL + name(journal), HERE)) {
            return false;
        }
        return tell(EPOCH + name(epoch), OPEN + name(journal));
    }

    boolean close(long epoch) {
        return tell(EPOCH + name(epoch), CLOSED);
    }

    /// Gives up on a journal, and on the epochs that only it can speak for. Returns those.
    List<Long> forget(long journal) {
        var mine = new ArrayList<Long>();
        rows.roster().forEach((name, fact) -> {
            if (name.startsWith(EPOCH) && fact.equals(OPEN + name(journal))) {
                mine.add(Long.parseUnsignedLong(name.substring(EPOCH.length()), 16));
            }
        });
        tell(JOURNAL + name(journal), FORGOTTEN);
        mine.forEach(this::close);
        return mine;
    }

    private boolean tell(String name, String fact) {
        var heard = cluster.ask(
                FACT, (name + "=" + fact).getBytes(StandardCharsets.UTF_8), Audience.DATA_MEMBERS, PATIENCE);
        return !heard.isEmpty() && cluster.hasQuorum();
    }

    /// What this member's journal says; nothing where it is no data member.
    Map<String, String> facts() {
        return cluster.holdsData() ? rows.roster() : Map.of();
    }

    /// Who is missing among those who answered, in words for an operator; empty when all have.
    static Set<String> missing(Collection<Told> answers) {
        var missing = new HashSet<String>();
        if (answers.stream().noneMatch(Told::data)) {
            missing.add("every data member");
            return missing;
        }
        union(answers).forEach((name, fact) -> {
            if (name.startsWith(EPOCH) && !isFinal(fact)) {
                long epoch = Long.parseUnsignedLong(name.substring(EPOCH.length()), 16);
                if (answers.stream().noneMatch(answer -> answer.epochs().contains(epoch))) {
                    missing.add(name + " of journal " + fact.substring(OPEN.length()));
                }
            } else if (name.startsWith(JOURNAL) && !isFinal(fact)) {
                long id = Long.parseUnsignedLong(name.substring(JOURNAL.length()), 16);
                if (answers.stream().noneMatch(answer -> answer.data() && answer.journal() == id)) {
                    missing.add(name);
                }
            }
        });
        return missing;
    }

    static Set<Long> closed(Collection<Told> answers) {
        var closed = new HashSet<Long>();
        union(answers).forEach((name, fact) -> {
            if (name.startsWith(EPOCH) && fact.equals(CLOSED)) {
                closed.add(Long.parseUnsignedLong(name.substring(EPOCH.length()), 16));
            }
        });
        return closed;
    }

    private static Map<String, String> union(Collection<Told> answers) {
        var union = new HashMap<String, String>();
        answers.forEach(answer -> answer.roster()
                .forEach((name, fact) -> union.merge(name, fact, (one, other) -> isFinal(one) ? one : other)));
        return union;
    }

    static String name(long number) {
        return Long.toHexString(number);
    }
}
