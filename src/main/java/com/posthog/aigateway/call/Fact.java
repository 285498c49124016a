package com.posthog.aigateway.call;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// What was laid down for all replicas, by an operator or a replica, until someone changes it or its time is over.
///
/// @param value null: removed
/// @param version above that of every fact of this name that was known when this one was made
/// @param at in the cluster's time
/// @param until in the cluster's time: it is in force before, and forgotten some time after; null: for ever
public record Fact(
        String name,
        @Nullable String value,
        long version,
        String who,
        Instant at,
        @Nullable Instant until) implements Comparable<Fact> {

    private static final Comparator<Fact> ORDER = Comparator.comparing(Fact::name)
            .thenComparingLong(Fact::version)
            .thenComparing(Fact::value, Comparator.nullsFirst(Comparator.<String>naturalOrder()))
            .thenComparing(Fact::who)
            .thenComparing(Fact::at)
            .thenComparing(Fact::until, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()));

    public Fact {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a fact must have a name");
        }
        if (version <= 0) {
            throw new IllegalArgumentException("the version of '" + name + "' must be above zero: " + version);
        }
    }

    /// One without an end.
    public Fact(String name, @Nullable String value, long version, String who, Instant at) {
        this(name, value, version, who, at, null);
    }

    /// True from its end on.
    public boolean isOver(Instant now) {
        return until != null && !now.isBefore(until);
    }

    /// The same on every replica: the higher version is in force, and what two made at once is decided by the rest.
    public boolean beats(Fact other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Fact other) {
        return ORDER.compare(this, other);
    }
}
