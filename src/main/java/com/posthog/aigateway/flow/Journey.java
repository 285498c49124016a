package com.posthog.aigateway.flow;

import com.posthog.aigateway.admit.Admit;
import com.posthog.aigateway.admit.Strangers;
import com.posthog.aigateway.auth.Keys;
import com.posthog.aigateway.call.Arrival;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.ReplyWriter;
import com.posthog.aigateway.dispatch.Dispatcher;
import com.posthog.aigateway.dispatch.Outcome;
import com.posthog.aigateway.resolve.Resolver;
import com.posthog.aigateway.resolve.Stored;
import com.posthog.aigateway.runaway.Runaway;
import com.posthog.aigateway.stream.Relay;

/// The whole way of one call.
public final class Journey {

    private final Keys keys;
    private final Strangers strangers;
    private final Stored stored;
    private final Resolver resolver;
    private final Runaway runaway;
    private final Admit admit;
    private final Dispatcher dispatcher;
    private final Relay relay;
    private final Bookkeeper books;

    public Journey(
            Keys keys,
            Strangers strangers,
            Stored stored,
            Resolver resolver,
            Runaway runaway,
            Admit admit,
            Dispatcher dispatcher,
            Relay relay,
            Bookkeeper books) {
        this.keys = keys;
        this.strangers = strangers;
        this.stored = stored;
        this.resolver = resolver;
        this.runaway = runaway;
        this.admit = admit;
        this.dispatcher = dispatcher;
        this.relay = relay;
        this.books = books;
    }

    /// Answers the call, and leaves exactly one receipt if the caller is known.
    ///
    /// Refusal: nothing was written to `out`; the caller is to be told this.
    public void travel(Arrival arrival, ReplyWriter out) {
        var caller = strangers.meet(
                arrival.address(),
                () -> keys.identify(arrival.headers())); // Refusal: no, unknown or expired credential; no body is read
        try (var story = books.open(arrival, caller)) {
            try {
                var call = story.asked(arrival.asCall()); // Refusal: too large, no room, no JSON
                var route = stored.route(call, caller) // Refusal: stored by another team, or by nobody
                        .orElseGet(() -> stored.goingOn( // Refusal: with what another team has, or nobody
                                call, caller, resolver.route(call, caller))); // Refusal: model unknown or not allowed
                story.watched(runaway.check(caller, call)); // Refusal: the caller runs away
                story.admitted(
                        admit.enter(caller, call, story.labels(), route)); // Refusal: rate, concurrency or budget
                story.intend(route); // on disk before a provider is asked
                switch (dispatcher.send(call, route, out.hangup(), story::again)) {
                    case Outcome.Answered answered -> {
                        try (var reply = stored.answered(answered.reply(), caller, route, answered.target())) {
                            story.answered(answered);
                            var delivered = relay.copy(reply, out, story.passage()); // Refusal: broke before a byte
                            story.delivered(delivered);
                            dispatcher.ended(call, route, answered.target(), delivered);
                        }
                    }
                    case Outcome.Unanswerable none -> throw story.unanswered(none);
                    case Outcome.CallerLeft left -> story.abandoned(left);
                }
            } catch (Refusal refusal) {
                story.refused(refusal);
                throw refusal;
            }
        }
    }
}
