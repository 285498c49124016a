package com.posthog.aigateway.cluster;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.partition.NoDataMemberInClusterException;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import com.posthog.aigateway.cluster.Unreachable.How;

/// What Hazelcast throws, in our words.
final class Unreachables {

    private static final String THEIRS = "com.hazelcast.";

    private Unreachables() {}

    /// The same exception where it is the errand's own, or a fault in our code.
    static RuntimeException of(RuntimeException e, boolean closing) {
        return switch (e) {
            case SplitBrainProtectionException _ -> new Unreachable(How.NO_QUORUM, e);
            case NoDataMemberInClusterException _ -> new Unreachable(How.NO_DATA_MEMBER, e);
            case HazelcastInstanceNotActiveException _ ->
                new Unreachable(closing ? How.CLOSING : How.UNKNOWN_OUTCOME, e);
            case HazelcastSerializationException _ -> e;
            default -> isTheirs(e) ? new Unreachable(How.UNKNOWN_OUTCOME, e) : e;
        };
    }

    /// While members come and go, Hazelcast also throws exceptions of Java.
    private static boolean isTheirs(RuntimeException e) {
        var trace = e.getStackTrace();
        return e.getClass().getName().startsWith(THEIRS)
                || (trace.length > 0 && trace[0].getClassName().startsWith(THEIRS));
    }
}
