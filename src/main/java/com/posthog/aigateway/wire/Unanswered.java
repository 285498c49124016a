package com.posthog.aigateway.wire;

/// The provider gave no answer.
public final class Unanswered extends Exception {

    public enum How {
        /// No connection: the request was not sent.
        NOT_CONNECTED("not_connected"),
        /// A pooled connection was closed by the other side before a byte of an answer: the request may be sent again.
        CLOSED_IDLE("closed_idle"),
        /// The connection broke, or what came back was no HTTP answer.
        BROKEN("broken"),
        TIMED_OUT("timed_out"),
        /// We stopped: the caller left, or a drain ran out.
        BROKEN_OFF("broken_off");

        private final String word;

        How(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    private final How how;
    private final boolean sent;

    public Unanswered(How how, boolean sent, Throwable cause) {
        super(how.word() + ": " + cause.getClass().getSimpleName(), cause);
        this.how = how;
        this.sent = sent;
    }

    /// True when a byte of the request may have reached the provider, and so may cost.
    public boolean wasSent() {
        return sent;
    }

    public How how() {
        return how;
    }
}
