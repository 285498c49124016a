package com.posthog.aigateway.resolve;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Owner;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.journal.JournalFault;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whose is it, what a provider has stored? All our callers share one account there, so an answer that stays can be
/// read, continued, cancelled and deleted by the team that asked for it, and is unknown to every other.
public final class Stored {

    private static final Logger LOG = LoggerFactory.getLogger(Stored.class);
    private static final Duration UNTIL_READABLE = Duration.ofSeconds(5);

    private final Journal journal;
    private final Catalogue catalogue;
    private final Duration keep;
    private final Clock clock;

    /// @param keep for how long it is remembered; providers keep answers for 30 days
    public Stored(Journal journal, Catalogue catalogue, Duration keep, Clock clock) {
        this.journal = journal;
        this.catalogue = catalogue;
        this.keep = keep;
        this.clock = clock;
    }

    /// An answer has its id, and the caller is about to learn it. What is not stored at the provider is passed over.
    public void keep(String id, Call call, Caller caller, Provider provider) {
        if (!stays(call)) {
            return;
        }
        try {
            journal.own(
                    id, new Owner(caller.team(), provider.id(), clock.instant().plus(keep)));
        } catch (JournalFault fault) {
            LOG.error("nobody will find the stored answer of call {}: {}", call.id(), fault.getMessage());
        }
    }

    /// The two families differ in what they store when nothing is said.
    private static boolean stays(Call call) {
        return switch (call.endpoint()) {
            case RESPONSES -> !call.body().isFalse("store");
            case CHAT_COMPLETIONS -> call.body().isTrue("store");
            default -> false;
        };
    }

    /// To the provider that has what the call is about; empty where it is about nothing stored.
    ///
    /// Refusal: what is asked for, or gone on with, is nobody's or another team's, in the provider's own words for
    /// what does not exist; or its provider is no longer configured.
    public Optional<Route> route(Call call, Caller caller) {
        if (call.storedId() != null) {
            return Optional.of(route(call, call.storedId(), caller));
        }
        check(call, caller);
        return Optional.empty();
    }

    private Route route(Call call, String id, Caller caller) {
        var owner = owner(id, caller)
                .orElseThrow(() -> new Refusal(
                        Reason.STORED_NOT_FOUND, kind(call.endpoint()) + " with id '" + id + "' not found."));
        var provider = catalogue.providers().stream()
                .filter(known -> known.id().equals(owner.provider()) && known.configured())
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        Reason.PROVIDER_NOT_CONFIGURED,
                        "provider '" + owner.provider() + "', which has '" + id
                                + "', has no key in this gateway; its operators must set one"));
        return new Route(null, null, List.of(new Target(provider, "", BigDecimal.ONE)));
    }

    private static String kind(Endpoint endpoint) {
        return switch (endpoint.shape()) {
            case OPENAI_CHAT -> "Chat completion";
            default -> "Response";
        };
    }

    private void check(Call call, Caller caller) {
        call.body().text("previous_response_id").ifPresent(id -> {
            if (owner(id, caller).isEmpty()) {
                throw new Refusal(Reason.PREVIOUS_NOT_FOUND, "Previous response with id '" + shown(id) + "' not found.")
                        .of("previous_response_id");
            }
        });
        var conversation = call.body().member("conversation");
        if (conversation.isPresent() && !conversation.get().isNull()) {
            throw new Refusal(
                            Reason.STORED_NOT_FOUND,
                            "Conversation not found: this gateway serves no conversations; send 'previous_response_id'")
                    .of("conversation");
        }
    }

    private static String shown(String id) {
        return id.length() <= 100 ? id : id.substring(0, 100) + "...";
    }

    private Optional<Owner> owner(String id, Caller caller) {
        try {
            return journal.owner(id).filter(owner -> owner.team().equals(caller.team()));
        } catch (JournalFault fault) {
            LOG.error("it cannot be told whose a stored answer is: {}", fault.getMessage());
            throw new Refusal(Reason.UNAVAILABLE, "the gateway cannot read its journal; ask again")
                    .retryAfter(UNTIL_READABLE);
        }
    }
}
