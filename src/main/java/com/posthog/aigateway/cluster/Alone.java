package com.posthog.aigateway.cluster;

import java.time.Duration;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;

/// One replica by itself: the entries lie in a map of this process, and nobody else is asked.
public final class Alone implements Cluster {

    private final UUID self = UUID.randomUUID();
    private final ConcurrentMap<String, Object> entries = new ConcurrentHashMap<>();
    private final Answers answers = new Answers();
    private final ClusterTime time;
    private final Place place;
    private volatile boolean closed;

    private Alone(Tenant tenant, Time time) {
        this.time = new ClusterTime(time);
        this.place = new Place(this, tenant.context(), answers, () -> true);
    }

    public static Alone start(Tenant tenant, Time time) {
        var alone = new Alone(tenant, time);
        alone.time.begin();
        return alone;
    }

    @Override
    public UUID self() {
        return self;
    }

    @Override
    public Set<UUID> living() {
        return Set.of(self);
    }

    @Override
    public int replicas() {
        return 1;
    }

    @Override
    public boolean holdsData() {
        return true;
    }

    @Override
    public boolean hasQuorum() {
        return true;
    }

    @Override
    public int quorum() {
        return 1;
    }

    @Override
    public boolean ready() {
        return !closed;
    }

    @Override
    public long now() {
        return time.now();
    }

    @Override
    @SuppressWarnings("unchecked") // What lies at a key was put there by errands of its kind.
    public <V, A> A run(String key, Errand<V, A> errand) {
        if (closed) {
            throw new Unreachable(Unreachable.How.CLOSING, null);
        }
        errand.arrive(place);
        var answer = new ArrayList<A>(1);
        entries.compute(key, (_, before) -> {
            var entry = new SimpleEntry<String, V>(key, (V) before);
            answer.add(errand.process(entry));
            return entry.getValue();
        });
        return answer.getFirst();
    }

    @Override
    public Map<UUID, byte[]> ask(String subject, byte[] question, Audience audience, Duration patience) {
        return ask(self, subject, question, patience)
                .map(answer -> Map.of(self, answer))
                .orElse(Map.of());
    }

    @Override
    public Optional<byte[]> ask(UUID member, String subject, byte[] question, Duration patience) {
        if (closed || !member.equals(self)) {
            return Optional.empty();
        }
        var task = new FutureTask<>(() -> answers.to(subject, question));
        Thread.ofVirtual().name("question").start(task);
        return new Wait(patience).answer(subject, self, task);
    }

    @Override
    public void answer(String subject, UnaryOperator<byte[]> handler) {
        answers.give(subject, handler);
    }

    @Override
    public Set<String> ownKeys() {
        return Set.copyOf(entries.keySet());
    }

    @Override
    public void close() {
        closed = true;
    }
}
