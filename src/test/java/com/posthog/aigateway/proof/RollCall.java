package com.posthog.aigateway.proof;

import java.util.List;

/// One call as its client saw it, over all its tries. Times are in milliseconds since 1970.
///
/// @param answered when it had the head of the last answer, and `ended` when it had all of it
/// @param status of the last answer; 0: nobody answered
/// @param replica that gave it; 0: none
/// @param id by which the gateway knows it; empty without an answer
/// @param broken what was wrong with an answer that began well; empty: it was whole
record RollCall(
        String mark,
        Kind kind,
        long at,
        long answered,
        long ended,
        int status,
        int replica,
        String id,
        List<Miss> misses,
        String broken) {

    enum Kind {
        /// One of those that are always open.
        STREAM,
        /// One of those that come all the time.
        NEW,
        /// The same, by a balancer whose view is old.
        NEW_BY_A_SLOW_BALANCER,
        /// One that meets a limit.
        LIMITED
    }

    /// A try that was not let in, and was made again elsewhere.
    ///
    /// @param closes whether the refusal said `Connection: close`
    record Miss(Why why, int replica, boolean closes) {}

    enum Why {
        /// 503, by a replica that drains.
        REFUSED,
        /// Nothing listens there.
        UNREACHABLE,
        /// The connection ended before an answer began.
        RESET
    }

    RollCall {
        misses = List.copyOf(misses);
    }

    String team() {
        return Team.of(mark);
    }

    boolean isServed() {
        return status == 200;
    }

    long waited() {
        return answered - at;
    }
}
