package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.wire.Unanswered;
import org.jspecify.annotations.Nullable;

/// What came of asking one target once.
sealed interface Tried extends AutoCloseable {

    /// The provider's status; 0 where there was none.
    default int status() {
        return 0;
    }

    /// What went wrong, as a word; null where nothing did.
    @Nullable
    String word();

    /// True when the provider may bill it, though its answer was not taken.
    boolean mayBill();

    /// Lets go of the answer.
    @Override
    default void close() {}

    /// Its answer may go to the caller.
    record Answered(Reply reply) implements Tried {
        @Override
        public int status() {
            return reply.status();
        }

        @Override
        public @Nullable String word() {
            return null;
        }

        @Override
        public boolean mayBill() {
            return false;
        }
    }

    /// It answered an error, or began an answer and broke off before it said anything.
    ///
    /// @param reply open, from its first byte on: it goes to the caller where nobody else answers
    /// @param mayBill true when the provider had begun to answer
    record Rejected(Reply reply, Fault fault, boolean mayBill) implements Tried {
        @Override
        public int status() {
            return reply.status();
        }

        @Override
        public String word() {
            return mayBill ? fault.kind().word() : "status_" + reply.status();
        }

        @Override
        public void close() {
            reply.close();
        }
    }

    /// There was no answer.
    ///
    /// @param mayBill true when a byte of the request may have reached the provider
    record Unreachable(Unanswered.How how, Fault fault, boolean mayBill) implements Tried {
        @Override
        public String word() {
            return how.word();
        }
    }

    /// We stopped: the caller left, or a drain ran out.
    record Stopped(boolean mayBill) implements Tried {
        @Override
        public String word() {
            return Unanswered.How.BROKEN_OFF.word();
        }
    }
}
