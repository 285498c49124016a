package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Refusal;
import org.jspecify.annotations.Nullable;

/// Why an attempt did not bring an answer, and what follows from that.
///
/// @param kind what it was
/// @param refusal what the caller is told where nobody else answers; null: what the provider said
record Fault(Kind kind, @Nullable Refusal refusal) {

    /// What a breaker makes of it.
    enum Mark {
        /// It says nothing of the target's health.
        NEUTRAL,
        FAILURE,
        /// The target wants to be left alone for a while.
        COOLS
    }

    enum Kind {
        /// The request's own: another target would say the same, or must not be asked.
        REQUEST("request", false, Mark.NEUTRAL),
        RATE("rate_limited", true, Mark.COOLS),
        QUOTA("quota", true, Mark.COOLS),
        KEY("key_rejected", true, Mark.FAILURE),
        /// The provider does not know a model that it should have.
        MODEL("model_missing", true, Mark.NEUTRAL),
        PROVIDER("provider_error", true, Mark.FAILURE),
        UNREACHABLE("unreachable", true, Mark.FAILURE),
        BROKEN("broken", true, Mark.FAILURE),
        /// A pooled connection that was closed at its other end says nothing of the provider.
        STALE("closed_idle", true, Mark.NEUTRAL),
        TIMEOUT("timed_out", true, Mark.FAILURE),
        /// It may still be at work on it, and would bill it beside the next.
        LATE_WHOLE("timed_out", false, Mark.FAILURE),
        /// A stream that brought an error, or its end, before it said anything.
        STREAM("error_in_stream", true, Mark.FAILURE);

        private final String word;
        private final boolean failsOver;
        private final Mark mark;

        Kind(String word, boolean failsOver, Mark mark) {
            this.word = word;
            this.failsOver = failsOver;
            this.mark = mark;
        }

        /// As in receipts and metrics.
        String word() {
            return word;
        }

        boolean failsOver() {
            return failsOver;
        }

        Mark mark() {
            return mark;
        }
    }

    static Fault of(Kind kind) {
        return new Fault(kind, null);
    }

    /// True where our own account is at fault: the provider's words never pass.
    boolean isOurs() {
        return kind == Kind.QUOTA || kind == Kind.KEY;
    }
}
