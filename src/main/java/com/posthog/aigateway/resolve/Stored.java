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
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.cluster.Cluster;
import com.posthog.aigateway.cluster.Register;
import com.posthog.aigateway.journal.Journal;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Whose is it, what a provider has stored? All our callers share one account there, so an answer that stays can be
/// read, continued, cancelled and deleted by the team that asked for it, and is unknown to every other. No route here
/// makes conversations: one that was made elsewhere belongs to the team that names it first.
public final class Stored implements AutoCloseable {

    private static final ObjectMapper STRICT = new ObjectMapper(JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final Owners owners;
    private final Thoughts thoughts;
    private final Neighbours neighbours;
    private final Catalogue catalogue;

    private Stored(Owners owners, Thoughts thoughts, Neighbours neighbours, Catalogue catalogue) {
        this.owners = owners;
        this.thoughts = thoughts;
        this.neighbours = neighbours;
        this.catalogue = catalogue;
    }

    /// On this replica, which tells the others what it hears.
    ///
    /// @param keep for how long it is remembered; providers keep answers for 30 days
    public static Stored open(
            Journal journal, Cluster cluster, Register register, Catalogue catalogue, Duration keep, Clock clock) {
        var neighbours = Neighbours.open(cluster, journal);
        var owners = new Owners(journal, neighbours, keep, clock);
        return new Stored(owners, new Thoughts(owners, register), neighbours, catalogue);
    }

    /// The same with other providers.
    public Stored with(Catalogue other) {
        return new Stored(owners, thoughts, neighbours, other);
    }

    /// Rows that too few other replicas have yet.
    public int untold() {
        return neighbours.waiting();
    }

    /// Tells the others what they do not know yet. Nothing may be kept any more.
    @Override
    public void close() {
        neighbours.close();
    }

    /// An answer has its id, and the caller is about to learn it. What is not stored at the provider is passed over.
    public void keep(String id, Call call, Caller caller, Provider provider) {
        if (!stays(call)) {
            return;
        }
        owners.own(id, caller, provider.id());
    }

    /// The two families differ in what they store when nothing is said.
    private static boolean stays(Call call) {
        return switch (call.endpoint()) {
            case RESPONSES -> !call.body().isFalse("store");
            case CHAT_COMPLETIONS -> call.body().isTrue("store");
            default -> false;
        };
    }

    /// To the provider that has what the call asks for by its id; empty where it asks for nothing stored.
    ///
    /// Refusal: it is nobody's or another team's, in the provider's own words for what does not exist; or its
    /// provider is no longer configured.
    public Optional<Route> route(Call call, Caller caller) {
        return Optional.ofNullable(call.storedId()).map(id -> route(call, id, caller));
    }

    /// The answer of a call as its caller gets it. What only this target will be able to go on with is remembered.
    public Reply answered(Reply reply, Caller caller, Route route, Target target) {
        return route.isOwn(target)
                ? reply
                : thoughts.remembered(reply, caller, target.provider().id());
    }

    private Route route(Call call, String id, Caller caller) {
        var owner = owners.of(id, caller)
                .orElseThrow(() -> new Refusal(
                        Reason.STORED_NOT_FOUND, kind(call.endpoint()) + " with id '" + id + "' not found."));
        var provider = provider(owner.provider())
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

    /// The call's route, with whoever keeps what it goes on with in front.
    ///
    /// Refusal: that is nobody's or another team's, in the provider's own words for what does not exist.
    public Route goingOn(Call call, Caller caller, Route route) {
        return keeper(call, caller).map(route::keptBy).orElse(route);
    }

    private Optional<Provider> keeper(Call call, Caller caller) {
        var conversation = conversation(call.body()).map(id -> ofConversation(id, caller));
        return call.body()
                .text("previous_response_id")
                .map(id -> ofPrevious(id, caller))
                .or(() -> conversation)
                .or(() -> thoughts.provider(call, caller))
                .flatMap(this::provider);
    }

    private String ofPrevious(String id, Caller caller) {
        return owners.of(id, caller)
                .orElseThrow(() -> new Refusal(
                                Reason.PREVIOUS_NOT_FOUND,
                                "Previous response with id '" + Owners.shown(id) + "' not found.")
                        .of("previous_response_id"))
                .provider();
    }

    private String ofConversation(String id, Caller caller) {
        var owner = owners.of(id);
        if (owner.isPresent() && !owner.get().team().equals(caller.team())) {
            throw new Refusal(Reason.STORED_NOT_FOUND, "Conversation with id '" + Owners.shown(id) + "' not found.")
                    .of("conversation");
        }
        var provider = owner.map(Owner::provider)
                .or(() -> catalogue.primary(Family.OPENAI).map(Provider::id))
                .orElse("");
        owners.own(id, caller, provider);
        return provider;
    }

    private Optional<Provider> provider(String id) {
        return catalogue.providers().stream()
                .filter(known -> known.id().equals(id) && known.configured())
                .findFirst();
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
}
