package com.posthog.aigateway.resolve;

import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Owner;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.journal.JournalFault;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whose is what, and where: by the names that providers gave.
///
/// @param keep for how long it is remembered; providers keep answers for 30 days
record Owners(Journal journal, Duration keep, Clock clock) {

    private static final Logger LOG = LoggerFactory.getLogger(Owners.class);
    private static final Duration UNTIL_READABLE = Duration.ofSeconds(5);

    void own(String id, Caller caller, String provider) {
        try {
            journal.own(id, new Owner(caller.team(), provider, clock.instant().plus(keep)));
        } catch (JournalFault fault) {
            LOG.error("it is not remembered whose a stored answer is: {}", fault.getMessage());
        }
    }

    /// True where the journal has a name that begins so, or cannot tell.
    boolean mayHaveAny(String prefix) {
        try {
            return journal.hasOwner(prefix);
        } catch (JournalFault fault) {
            LOG.error("it cannot be told where earlier turns are from: {}", fault.getMessage());
            return true;
        }
    }

    /// Refusal: the journal cannot be read.
    Optional<Owner> of(String id) {
        try {
            return journal.owner(id);
        } catch (JournalFault fault) {
            LOG.error("it cannot be told whose a stored answer is: {}", fault.getMessage());
            throw new Refusal(Reason.UNAVAILABLE, "the gateway cannot read its journal; ask again")
                    .retryAfter(UNTIL_READABLE);
        }
    }

    /// Refusal: the journal cannot be read.
    Optional<Owner> of(String id, Caller caller) {
        return of(id).filter(owner -> owner.team().equals(caller.team()));
    }
}
