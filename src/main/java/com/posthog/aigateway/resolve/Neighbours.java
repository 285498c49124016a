package com.posthog.aigateway.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Owner;
import com.posthog.aigateway.cluster.Cluster;
import com.posthog.aigateway.cluster.Cluster.Audience;
import com.posthog.aigateway.journal.Journal;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this replica's journal and the others' know of each other. A new row goes to all data members' journals in the
/// next batch, until a majority of them has it; every replica says what its own journal knows.
final class Neighbours implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
    private static final String TELL = "owners/tell";
    private static final String FIND = "owners/find";
    private static final String FAREWELL = "owners/farewell";
    private static final byte[] TAKEN = new byte[0];
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration TO_LEAVE = Duration.ofSeconds(3);
    private static final long BETWEEN_BATCHES_MILLIS = 100;
    private static final int MOST_IN_A_BATCH = 1_000;

    /// Beyond it, a row is found by asking this replica only.
    private static final int MOST_WAITING = 100_000;

    /// Who knew what was asked for, and who answered.
    private record Heard(Map<String, Owner> owners, Set<UUID> members) {}

    private final Cluster cluster;
    private final Journal journal;
    private final Departed departed = new Departed();
    private final Queue<OwnerRow> untold = new LinkedBlockingQueue<>(MOST_WAITING);
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("owners").daemon().factory());
    private final AtomicBoolean keptBack = new AtomicBoolean();
    private boolean late;

    private Neighbours(Cluster cluster, Journal journal) {
        this.cluster = cluster;
        this.journal = journal;
    }

    static Neighbours open(Cluster cluster, Journal journal) {
        var neighbours = new Neighbours(cluster, journal);
        cluster.answer(TELL, neighbours::told);
        cluster.answer(FIND, neighbours::asked);
        cluster.answer(FAREWELL, neighbours::left);
        var _ = neighbours.rounds.scheduleWithFixedDelay(
                neighbours::round, BETWEEN_BATCHES_MILLIS, BETWEEN_BATCHES_MILLIS, TimeUnit.MILLISECONDS);
        return neighbours;
    }

    /// Tells the data members soon.
    void tell(OwnerRow row) {
        if (isTheOnlyDataMember()) {
            return;
        }
        if (!untold.offer(row) && !keptBack.getAndSet(true)) {
            LOG.error("{} rows of stored answers wait for data members; more stay on this replica only", MOST_WAITING);
        }
    }

    /// Rows that no majority of the data members has yet.
    int waiting() {
        return untold.size();
    }

    /// Whether all rows are told, as far as there were any.
    private boolean tellAll() {
        for (var batch = next(); !batch.isEmpty(); batch = next()) {
            if (cluster.ask(TELL, OwnerRow.write(batch), Audience.DATA_MEMBERS, PATIENCE)
                            .size()
                    < cluster.quorum()) {
                sayLate();
                return false;
            }
            batch.forEach(_ -> untold.remove());
        }
        late = false;
        return true;
    }

    private List<OwnerRow> next() {
        return untold.stream().limit(MOST_IN_A_BATCH).toList();
    }

    private void sayLate() {
        if (!late) {
            LOG.warn(
                    "too few data members take whose stored answers are; they are told as soon as they can be reached");
        }
        late = true;
    }

    private void round() {
        try {
            departed.look(cluster.living(), cluster.now());
            tellAll();
        } catch (RuntimeException e) {
            LOG.error("telling whose stored answers are failed", e);
        }
    }

    /// Of a name that two teams claim, who came first keeps it.
    private byte[] told(byte[] message) {
        for (var row : OwnerRow.read(message)) {
            var known = journal.owner(row.name());
            if (known.isEmpty() || isOlder(known.get(), row)) {
                journal.own(row.name(), row.owner());
            }
        }
        return TAKEN;
    }

    private static boolean isOlder(Owner known, OwnerRow row) {
        return known.team().equals(row.team()) && known.until().toEpochMilli() < row.until();
    }

    private byte[] asked(byte[] names) {
        return OwnerRow.write(OwnerRow.readNames(names).stream()
                .flatMap(name -> journal.owner(name).map(owner -> OwnerRow.of(name, owner)).stream())
                .toList());
    }

    private byte[] left(byte[] member) {
        departed.farewell(UUID.fromString(new String(member, UTF_8)));
        return TAKEN;
    }

    /// What data members know of these, as far as they can be asked.
    Map<String, Owner> known(Collection<String> names) {
        return names.isEmpty() || isTheOnlyDataMember()
                ? Map.of()
                : ask(names, Audience.DATA_MEMBERS).owners();
    }

    /// Empty: none of those who may know it does.
    ///
    /// Unasked: one of them could not be asked.
    Optional<Owner> find(String name) throws Unasked {
        var living = cluster.living();
        var data = ask(List.of(name), Audience.DATA_MEMBERS);
        var owner = data.owners().get(name);
        if (owner != null) {
            return Optional.of(owner);
        }
        var all = ask(List.of(name), Audience.ALL);
        owner = all.owners().get(name);
        if (owner != null) {
            return Optional.of(owner);
        }
        if (data.members().size() < cluster.quorum()
                || !all.members().containsAll(living)
                || departed.any(cluster.now())) {
            throw new Unasked();
        }
        return Optional.empty();
    }

    private Heard ask(Collection<String> names, Audience audience) {
        var answers = cluster.ask(FIND, OwnerRow.writeNames(names), audience, PATIENCE);
        var owners = new HashMap<String, Owner>();
        answers.values()
                .forEach(answer -> OwnerRow.read(answer).forEach(row -> owners.putIfAbsent(row.name(), row.owner())));
        return new Heard(owners, answers.keySet());
    }

    private boolean isTheOnlyDataMember() {
        return cluster.holdsData() && cluster.quorum() == 1;
    }

    /// Tells what is not told yet, and then that this replica goes.
    @Override
    public void close() {
        rounds.shutdown();
        try {
            boolean toldAll = rounds.awaitTermination(TO_LEAVE.toMillis(), TimeUnit.MILLISECONDS) && tellTheRest();
            if (toldAll && !keptBack.get()) {
                var self = cluster.self().toString().getBytes(UTF_8);
                cluster.ask(FAREWELL, self, Audience.ALL, PATIENCE);
            } else {
                LOG.warn("some rows of stored answers stay in this replica's journal until it is back");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tellTheRest() throws InterruptedException {
        long until = System.nanoTime() + TO_LEAVE.toNanos();
        while (!tellAll()) {
            if (System.nanoTime() > until) {
                return false;
            }
            Thread.sleep(BETWEEN_BATCHES_MILLIS);
        }
        return true;
    }

    /// Nobody can say now whether a name is known.
    static final class Unasked extends Exception {
        Unasked() {
            super("a replica that may know it cannot be asked", null, false, false);
        }
    }
}
