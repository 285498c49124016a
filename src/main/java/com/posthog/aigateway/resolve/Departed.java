package com.posthog.aigateway.resolve;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/// Replicas that are gone without a farewell: what they told nobody yet is in their journals, which come back with
/// them.
final class Departed {

    /// Whoever is killed is usually there again by then.
    private static final Duration BACK = Duration.ofMinutes(1);

    private final Set<UUID> farewells = new HashSet<>();
    private Set<UUID> seen = Set.of();
    private long missedUntil;

    /// Told everything it knows, and is about to go.
    synchronized void farewell(UUID member) {
        farewells.add(member);
    }

    /// @param living members, as often as they may have changed
    /// @param now in milliseconds
    synchronized void look(Set<UUID> living, long now) {
        for (var member : seen) {
            if (!living.contains(member) && !farewells.remove(member)) {
                missedUntil = now + BACK.toMillis();
            }
        }
        seen = Set.copyOf(living);
    }

    synchronized boolean any(long now) {
        return now < missedUntil;
    }
}
