package com.posthog.aigateway.resolve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Owner;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.journal.JournalFault;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whose is it, what a provider has stored? All our callers share one account there, so an answer that stays can be
/// read, continued, cancelled and deleted by the team that asked for it, and is unknown to every other. No route here
/// makes conversations: one that was made elsewhere belongs to the team that names it first.
public final class Stored {

    private static final Logger LOG = LoggerFactory.getLogger(Stored.class);
    private static final ObjectMapper STRICT = new ObjectMapper(JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());
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
        own(id, caller, provider.id());
    }

    private void own(String id, Caller caller, String provider) {
        try {
            journal.own(id, new Owner(caller.team(), provider, clock.instant().plus(keep)));
        } catch (JournalFault fault) {
            LOG.error("it is not remembered whose a stored answer is: {}", fault.getMessage());
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
        conversation(call.body()).ifPresent(id -> {
            if (!isFree(id) && owner(id, caller).isEmpty()) {
                throw new Refusal(Reason.STORED_NOT_FOUND, "Conversation with id '" + shown(id) + "' not found.")
                        .of("conversation");
            }
            own(id, caller, catalogue.primary(Family.OPENAI).map(Provider::id).orElse(""));
        });
    }

    /// The id of the conversation that a request goes on with: a string, or an object that holds it.
    private static Optional<String> conversation(Body body) {
        var member = body.member("conversation").orElse(null);
        if (member == null || member.kind() != JsonToken.START_OBJECT) {
            return body.text("conversation");
        }
        try {
            var object = STRICT.readTree(body.bytes(), member.start(), member.end() - member.start());
            return Optional.ofNullable(object.path("id").textValue());
        } catch (IOException twice) {
            throw new Refusal(Reason.MALFORMED, "a member stands twice in 'conversation'; send it once")
                    .of("conversation");
        }
    }

    private static String shown(String id) {
        return id.length() <= 100 ? id : id.substring(0, 100) + "...";
    }

    private Optional<Owner> owner(String id, Caller caller) {
        return owner(id).filter(owner -> owner.team().equals(caller.team()));
    }

    private boolean isFree(String id) {
        return owner(id).isEmpty();
    }

    private Optional<Owner> owner(String id) {
        try {
            return journal.owner(id);
        } catch (JournalFault fault) {
            LOG.error("it cannot be told whose a stored answer is: {}", fault.getMessage());
            throw new Refusal(Reason.UNAVAILABLE, "the gateway cannot read its journal; ask again")
                    .retryAfter(UNTIL_READABLE);
        }
    }
}
