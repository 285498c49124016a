package com.posthog.aigateway.call;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// What an operator has laid down for all replicas, until someone changes it.
///
/// @param value null: removed
/// @param version above that of every fact of this name that was known when this one was made
/// @param at in the cluster's time
public record Fact(String name, @Nullable String value, long version, String who, Instant at)
        implements Comparable<Fact> {

    private static final Comparator<Fact> ORDER = Comparator.comparing(Fact::name)
            .thenComparingLong(Fact::version)
            .thenComparing(Fact::value, Comparator.nullsFirst(Comparator.<String>naturalOrder()))
            .thenComparing(Fact::who)
            .thenComparing(Fact::at);

    public Fact {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a fact must have a name");
        }
        if (version <= 0) {
            throw new IllegalArgumentException("the version of '" + name + "' must be above zero: " + version);
        }
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
