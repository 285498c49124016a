package com.posthog.aigateway.cluster;

import com.posthog.aigateway.cluster.Add.Notes;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.config.GatewaySettings.Mode;
import com.posthog.aigateway.config.Peer;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FreePorts;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Several members of one cluster in this process, on free ports of loopback.
final class Town implements AutoCloseable {

    /// A member that comes again may have to wait until the others have noticed that it was gone.
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private final String name = "test-" + UUID.randomUUID();
    private final List<Peer> peers = new ArrayList<>();
    private final int dataMembers;
    final List<Notes> notes = new ArrayList<>();
    final List<AtomicLong> stops = new ArrayList<>();
    private final ConcurrentHashMap<Integer, Members> members = new ConcurrentHashMap<>();

    Town(int replicas, int dataMembers) {
        this.dataMembers = dataMembers;
        for (int port : FreePorts.take(replicas)) {
            peers.add(new Peer("127.0.0.1", port));
            notes.add(new Notes());
            stops.add(new AtomicLong());
        }
    }

    /// Starts all, one beside the other, and waits until each sees each.
    static Town open(int replicas, int dataMembers) {
        var town = new Town(replicas, dataMembers);
        town.start(0);
        try (var starters = Executors.newCachedThreadPool()) {
            var starting = new ArrayList<Future<?>>();
            for (int i = 1; i < replicas; i++) {
                int place = i;
                starting.add(starters.submit(() -> town.start(place)));
            }
            for (var start : starting) {
                start.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            town.close();
            throw new IllegalStateException(e);
        }
        town.await(replicas);
        return town;
    }

    GatewaySettings.Cluster settings(int place) {
        var own = peers.get(place);
        return new GatewaySettings.Cluster(Mode.TCP, name, own.host(), own.port(), peers, dataMembers, null, null);
    }

    Members start(int place) {
        return start(place, Clock.systemUTC());
    }

    Members start(int place, Clock clock) {
        LongSupplier nanos = () -> System.nanoTime() + stops.get(place).get();
        var member = Members.join(settings(place), Add.tenant(notes.get(place)), new Time(clock, nanos), true);
        members.put(place, member);
        return member;
    }

    /// As if the process had stood still.
    void stop(int place, Duration time) {
        stops.get(place).addAndGet(time.toNanos());
    }

    Members get(int place) {
        return Objects.requireNonNull(members.get(place));
    }

    int port(int place) {
        return peers.get(place).port();
    }

    /// Leaves without a word to the others.
    void kill(int place) {
        Objects.requireNonNull(members.remove(place)).kill();
    }

    void leave(int place) {
        Objects.requireNonNull(members.remove(place)).close();
    }

    void await(int replicas) {
        var _ = Eventually.get(
                Town.PATIENCE,
                () -> members.values().stream()
                        .filter(member -> member.replicas() == replicas && member.ready())
                        .count(),
                count -> count == members.size());
    }

    @Override
    public void close() {
        members.values().forEach(Members::kill);
    }
}
