package com.posthog.aigateway.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// The replicas of this gateway, and the entries that their data members hold in memory.
public interface Cluster extends AutoCloseable {

    enum Audience {
        ALL,
        DATA_MEMBERS
    }

    /// This member's name: another after its memory was replaced by an empty one.
    UUID self();

    /// The members that are there, as far as this one sees.
    Set<UUID> living();

    /// How many replicas there are, as far as this one sees: at least one.
    int replicas();

    boolean holdsData();

    boolean hasQuorum();

    /// How many data members make a quorum. Any two quorums share one.
    int quorum();

    /// Whether this member has joined, knows the time, and has rehearsed.
    boolean ready();

    /// The cluster's time when this process joined plus the time that has passed since, in milliseconds since 1970. It
    /// does not follow the wall clock.
    long now();

    /// Runs an errand at the entry of this key, alone, on the member that holds it; its change is on all
    /// backups when this returns. May run twice.
    ///
    /// Unreachable: no quorum, no data member, or not known whether it was done. It may be tried again, as a new
    /// object.
    <V, A> A run(String key, Errand<V, A> errand);

    /// Asks members, this one among them where it belongs to the audience. Who has left, fails or is late is
    /// missing.
    ///
    /// @param subject what [#answer] was told
    Map<UUID, byte[]> ask(String subject, byte[] question, Audience audience, Duration patience);

    /// Asks one member. Empty: it has left, fails or is late.
    Optional<byte[]> ask(UUID member, String subject, byte[] question, Duration patience);

    /// Says how this member answers such questions, in whichever thread.
    void answer(String subject, UnaryOperator<byte[]> handler);

    /// Keys of the entries that this member owns.
    Set<String> ownKeys();

    /// Leaves gracefully: what this member holds goes to others first.
    @Override
    void close();
}
