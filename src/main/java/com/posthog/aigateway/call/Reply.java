package com.posthog.aigateway.call;

/// A provider's open answer: its head is here, its body still flows.
public interface Reply extends AutoCloseable {

    int status();

    Headers headers();

    /// The body's length in bytes, or -1 where only its end will tell.
    long length();

    /// Reads what has arrived, at least one byte, into `buffer` from `offset` on; -1 at the end of the message. Before
    /// the thread would wait for more, `beforeWaiting` runs: what was read so far can go out in one piece.
    int read(byte[] buffer, int offset, Runnable beforeWaiting) throws Broken;

    /// Lets go: what was read to its end goes back to the pool, anything else is broken off at the provider.
    @Override
    void close();

    /// The answer broke off, or was broken off.
    final class Broken extends Exception {

        public enum How {
            /// The provider's message ended before its own end.
            CUT_OFF,
            /// Nothing came for too long.
            IDLE,
            /// The whole answer took too long.
            TOO_LONG,
            /// We stopped: the caller left, or a drain ran out.
            CANCELLED
        }

        private final How how;

        public Broken(How how, String message) {
            super(message, null, false, false);
            this.how = how;
        }

        public How how() {
            return how;
        }
    }
}
