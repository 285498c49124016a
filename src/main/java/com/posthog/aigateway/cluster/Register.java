package com.posthog.aigateway.cluster;

import com.posthog.aigateway.call.Fact;
import com.posthog.aigateway.cluster.Cluster.Audience;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.journal.JournalFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What operators have laid down, in every replica's memory and journal: of each name the highest version is in force.
///
/// What has an end is not in force any more from then on, and forgotten ten minutes later.
///
/// A change goes to all at once. Whoever was away compares with another member every second, until both hold the same.
public final class Register implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Register.class);
    private static final String TELL = "register/tell";
    private static final String COMPARE = "register/compare";
    private static final byte[] SAME = new byte[0];
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /// What has ended is remembered for longer than the clocks of members differ, so that nobody brings it back.
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final Cluster cluster;
    private final Journal journal;
    private final ConcurrentNavigableMap<String, Fact> facts = new ConcurrentSkipListMap<>();
    private final List<Consumer<Fact>> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("register").daemon().factory());
    private int next;

    private Register(Cluster cluster, Journal journal) {
        this.cluster = cluster;
        this.journal = journal;
    }

    /// With what the journal holds and what the others say. JournalFault: the journal cannot be read.
    public static Register open(Cluster cluster, Journal journal) {
        var register = new Register(cluster, journal);
        journal.facts().forEach(fact -> register.facts.put(fact.name(), fact));
        cluster.answer(TELL, register::told);
        cluster.answer(COMPARE, register::compared);
        register.compareWithAll();
        long pause = PATIENCE.toMillis();
        var _ = register.rounds.scheduleWithFixedDelay(register::round, pause, pause, TimeUnit.MILLISECONDS);
        return register;
    }

    /// Empty where nothing was laid down, or it was removed.
    public Optional<String> value(String name) {
        return Optional.ofNullable(facts.get(name))
                .filter(fact -> !fact.isOver(now()))
                .map(Fact::value);
    }

    /// What is in force under names that begin so, in the order of names.
    public List<Fact> facts(String prefix) {
        return facts.tailMap(prefix, true).values().stream()
                .takeWhile(fact -> fact.name().startsWith(prefix))
                .filter(fact -> fact.value() != null && !fact.isOver(now()))
                .toList();
    }

    /// In force here, and on the members that are returned, when this returns; on all others as soon as they can be
    /// reached. JournalFault: nothing was changed.
    public Set<UUID> set(String name, String value, String who) {
        return lay(name, value, null, who);
    }

    /// As [#set], in force until then.
    public Set<UUID> set(String name, String value, Instant until, String who) {
        return lay(name, value, until, who);
    }

    /// As [#set], with nothing.
    public Set<UUID> remove(String name, String who) {
        var before = facts.get(name);
        return lay(name, null, before == null ? null : before.until(), who);
    }

    private Set<UUID> lay(String name, @Nullable String value, @Nullable Instant until, String who) {
        var fact = make(name, value, until, who);
        var holders = new HashSet<>(Set.of(cluster.self()));
        cluster.ask(TELL, FactRows.of(List.of(fact)), Audience.ALL, PATIENCE).forEach((member, answer) -> {
            var newer = FactRows.read(answer);
            learn(newer);
            if (newer.isEmpty()) {
                holders.add(member);
            }
        });
        return holders;
    }

    /// The version is a time, so that a change beats those that this replica has not heard of yet.
    private synchronized Fact make(String name, @Nullable String value, @Nullable Instant until, String who) {
        var before = facts.get(name);
        long now = cluster.now();
        long version = Math.max(now, before == null ? 1 : before.version() + 1);
        var fact = new Fact(name, value, version, who, Instant.ofEpochMilli(now), until);
        take(fact);
        return fact;
    }

    /// Who listens hears of every change after it is in the journal, one at a time, and must not take long.
    public void listen(Consumer<Fact> listener) {
        listeners.add(listener);
    }

    private synchronized void learn(Collection<Fact> news) {
        for (var fact : news) {
            var before = facts.get(fact.name());
            if ((before == null || fact.beats(before)) && !isForgotten(fact)) {
                take(fact);
            }
        }
    }

    private void take(Fact fact) {
        journal.put(fact);
        facts.put(fact.name(), fact);
        listeners.forEach(listener -> listener.accept(fact));
    }

    /// Takes what is newer; answers with what is newer here.
    private byte[] told(byte[] message) {
        var news = FactRows.read(message);
        learn(news);
        return FactRows.of(news.stream()
                .flatMap(fact ->
                        Optional.ofNullable(facts.get(fact.name())).stream().filter(own -> own.beats(fact)))
                .toList());
    }

    private byte[] compared(byte[] digest) {
        var all = all();
        return Arrays.equals(FactRows.digest(all), digest) ? SAME : FactRows.of(all);
    }

    private synchronized List<Fact> all() {
        return List.copyOf(facts.values());
    }

    private void compareWithAll() {
        cluster.ask(COMPARE, FactRows.digest(all()), Audience.ALL, PATIENCE).forEach(this::exchange);
    }

    private Instant now() {
        return Instant.ofEpochMilli(cluster.now());
    }

    private boolean isForgotten(Fact fact) {
        return fact.isOver(now().minus(REMEMBERED));
    }

    private synchronized void forget() {
        for (var fact : List.copyOf(facts.values())) {
            if (isForgotten(fact)) {
                journal.remove(fact);
                facts.remove(fact.name());
            }
        }
    }

    /// With one other member, in turn.
    private void round() {
        try {
            forget();
            var others = new ArrayList<>(cluster.living());
            others.remove(cluster.self());
            if (!others.isEmpty()) {
                var other = others.get(Math.floorMod(next++, others.size()));
                cluster.ask(other, COMPARE, FactRows.digest(all()), PATIENCE)
                        .ifPresent(theirs -> exchange(other, theirs));
            }
        } catch (JournalFault e) {
            LOG.error("what operators have changed elsewhere is not in force here: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("comparing the register failed", e);
        }
    }

    private void exchange(UUID other, byte[] theirs) {
        if (theirs.length == 0) {
            return;
        }
        var told = FactRows.read(theirs);
        learn(told);
        var known = new HashSet<>(told);
        var missing = all().stream().filter(fact -> !known.contains(fact)).toList();
        if (!missing.isEmpty()) {
            var _ = cluster.ask(other, TELL, FactRows.of(missing), PATIENCE);
        }
    }

    @Override
    public void close() {
        rounds.shutdownNow();
    }
}
