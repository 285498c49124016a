package com.posthog.aigateway.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Sends each new call to the ready replica with the fewest open ones, as a balancer does that asks `/ready` again and
/// again. What it knows may be as old as the time between two looks.
final class Balancer implements AutoCloseable {

    private final Caller caller;
    private final List<Replica> replicas;
    private final Duration between;
    private final Map<Replica, AtomicInteger> open = new HashMap<>();
    private final Thread looking = Thread.ofVirtual().unstarted(this::look);
    private volatile List<Replica> ready;

    /// All replicas are ready when it begins.
    Balancer(Caller caller, List<Replica> replicas, Duration between) {
        this.caller = caller;
        this.replicas = List.copyOf(replicas);
        this.between = between;
        this.ready = this.replicas;
        replicas.forEach(replica -> open.put(replica, new AtomicInteger()));
        looking.start();
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(between);
                var now = new ArrayList<Replica>();
                for (var replica : replicas) {
                    if (caller.isReady(replica.admin())) {
                        now.add(replica);
                    }
                }
                ready = List.copyOf(now);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /// Counts one more open call there, until it is told of its end.
    ///
    /// @param avoided where this call was not taken; chosen only if nobody else is left
    Replica begin(Set<Replica> avoided) {
        var known = ready.isEmpty() ? replicas : ready;
        var better = known.stream().filter(it -> !avoided.contains(it)).toList();
        synchronized (open) {
            var chosen = (better.isEmpty() ? known : better)
                    .stream()
                            .min(Comparator.comparingInt(it -> count(it).get()))
                            .orElseThrow();
            count(chosen).incrementAndGet();
            return chosen;
        }
    }

    void end(Replica replica) {
        count(replica).decrementAndGet();
    }

    private AtomicInteger count(Replica replica) {
        return Objects.requireNonNull(open.get(replica));
    }

    @Override
    public void close() {
        looking.interrupt();
    }
}
