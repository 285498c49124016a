package com.posthog.aigateway.resolve;

import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Owner;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.journal.JournalFault;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whose is what, and where: by the names that providers gave, on whichever replica they gave them.
///
/// @param keep for how long it is remembered; providers keep answers for 30 days
record Owners(Journal journal, Neighbours neighbours, Duration keep, Clock clock) {

    private static final Logger LOG = LoggerFactory.getLogger(Owners.class);
    private static final Duration UNTIL_READABLE = Duration.ofSeconds(5);

    /// No provider gives longer ones, and no replica is asked for them.
    private static final int LONGEST_NAME = 1_000;

    /// In this replica's journal when this returns; data members hear of it soon.
    void own(String name, Caller caller, String provider) {
        try {
            var owner = new Owner(caller.team(), provider, clock.instant().plus(keep));
            journal.own(name, owner);
            neighbours.tell(OwnerRow.of(name, owner));
        } catch (JournalFault fault) {
            LOG.error("it is not remembered whose a stored answer is: {}", fault.getMessage());
        }
    }

    /// True where this replica's journal has a name that begins so, or cannot tell.
    boolean mayHaveAny(String prefix) {
        try {
            return journal.hasOwner(prefix);
        } catch (JournalFault fault) {
            LOG.error("it cannot be told where earlier turns are from: {}", fault.getMessage());
            return true;
        }
    }

    /// Refusal: the journal cannot be read, or another replica that may know it cannot be asked.
    Optional<Owner> of(String name) {
        var own = here(name);
        if (own.isPresent() || name.length() > LONGEST_NAME) {
            return own;
        }
        try {
            return neighbours.find(name);
        } catch (Neighbours.Unasked unasked) {
            throw new Refusal(
                            Reason.UNAVAILABLE,
                            "a replica that may know '" + shown(name) + "' cannot be asked now; ask again")
                    .retryAfter(UNTIL_READABLE);
        }
    }

    private Optional<Owner> here(String name) {
        try {
            return journal.owner(name);
        } catch (JournalFault fault) {
            LOG.error("it cannot be told whose a stored answer is: {}", fault.getMessage());
            throw new Refusal(Reason.UNAVAILABLE, "the gateway cannot read its journal; ask again")
                    .retryAfter(UNTIL_READABLE);
        }
    }

    /// As [#of(String)], for its owner only.
    Optional<Owner> of(String name, Caller caller) {
        return of(name).filter(owner -> owner.team().equals(caller.team()));
    }

    /// Short enough for a message.
    static String shown(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "...";
    }

    /// What this replica and the data members know of these, as far as they can be asked.
    ///
    /// Refusal: the journal cannot be read.
    Map<String, Owner> known(Collection<String> names) {
        var known = new HashMap<String, Owner>();
        var missing = new ArrayList<String>();
        for (var name : names) {
            here(name).ifPresentOrElse(owner -> known.put(name, owner), () -> missing.add(name));
        }
        known.putAll(neighbours.known(missing));
        return known;
    }
}
