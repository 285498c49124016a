package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Delivered;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.config.GatewaySettings.Timeouts;
import com.posthog.aigateway.provider.ProviderClient;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the primary target. A pooled connection that was closed before a byte came gets one more try on a
/// fresh one.
public final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final byte[] NOTHING = new byte[0];
    private static final Patience TO_STOP =
            new Patience(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private final ProviderClient client;
    private final Timeouts timeouts;

    public Dispatcher(ProviderClient client, Timeouts timeouts) {
        this.client = client;
        this.timeouts = timeouts;
    }

    /// Asks until somebody answers, or nobody can.
    ///
    /// @param again asked before a further attempt is made, which may be billed beside the earlier one: false
    /// ends it
    public Outcome send(Call call, Route route, Hangup hangup, BooleanSupplier again) {
        var outcome = ask(call, route, hangup, again);
        return call.endpoint() == Endpoint.COUNT_TOKENS ? counted(call, route, outcome) : outcome;
    }

    /// A question for a count is always answered, be it by our own estimate.
    private static Outcome counted(Call call, Route route, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered answered
            when answered.reply().status() < 500 && answered.reply().status() != 429 -> answered;
            case Outcome.Answered answered -> {
                answered.reply().close();
                yield new Outcome.Answered(EstimatedCount.of(call), answered.target(), answered.attempts());
            }
            case Outcome.Unanswerable none ->
                new Outcome.Answered(EstimatedCount.of(call), route.primary(), none.attempts());
            case Outcome.CallerLeft left -> left;
        };
    }

    /// Stops at its provider what the caller has left: a response in the background would go on, and cost.
    public void stop(Call call, Target target, Delivered delivered) {
        var id = delivered.reading().id();
        boolean goesOn = call.endpoint() == Endpoint.RESPONSES
                && call.body().isTrue("background")
                && (delivered.ending() == Ending.ABANDONED || delivered.ending() == Ending.CUT);
        if (!goesOn || id == null) {
            return;
        }
        var cancel = new Call(
                call.id(),
                call.at(),
                Endpoint.CANCELLED_RESPONSE,
                null,
                id,
                "",
                call.headers(),
                Body.opaque(new byte[0]));
        try (var reply = client.ask(cancel, new Route(null, null, List.of(target)), target, TO_STOP, new Hangup())) {
            LOG.debug("a response in the background was stopped: {}", reply.status());
        } catch (Unanswered e) {
            LOG.warn(
                    "the response of call {} may go on at its provider: {}",
                    call.id(),
                    e.how().word());
        }
    }

    private Outcome ask(Call call, Route route, Hangup hangup, BooleanSupplier mayAsk) {
        var target = route.primary();
        var attempts = new ArrayList<Attempt>();
        boolean sent = false;
        while (true) {
            long start = System.nanoTime();
            try {
                var reply = client.ask(call, route, target, patience(call, route), hangup);
                attempts.add(attempt(target, reply.status(), fault(reply.status()), start));
                return answered(reply, target, attempts);
            } catch (Unanswered e) {
                attempts.add(attempt(target, 0, e.how().word(), start));
                sent |= e.wasSent();
                boolean again = e.how() == Unanswered.How.CLOSED_IDLE
                        && attempts.size() == 1
                        && (!e.wasSent() || mayAsk.getAsBoolean());
                if (!again) {
                    return unanswered(e.how(), target, sent, attempts, hangup);
                }
            }
        }
    }

    private static Outcome answered(Reply reply, Target target, List<Attempt> attempts) {
        var peeked = AccountFault.mayHide(reply.status()) ? PeekedReply.of(reply) : null;
        var beginning = peeked == null ? NOTHING : peeked.beginning();
        var fault = AccountFault.in(reply, beginning, target.provider());
        if (fault.isPresent()) {
            reply.close();
            return new Outcome.Unanswerable(fault.get(), false, attempts);
        }
        return new Outcome.Answered(peeked == null ? reply : peeked, target, attempts);
    }

    private static Outcome unanswered(
            Unanswered.How how, Target target, boolean sent, List<Attempt> attempts, Hangup hangup) {
        var provider = "provider '" + target.provider().id() + "'";
        return switch (how) {
            case BROKEN_OFF ->
                hangup.happened()
                        ? new Outcome.CallerLeft(sent, attempts)
                        : new Outcome.Unanswerable(Refusal.shuttingDown(), sent, attempts);
            case TIMED_OUT ->
                new Outcome.Unanswerable(
                        new Refusal(Reason.UPSTREAM_TIMEOUT, provider + " did not answer in time; ask again"),
                        sent,
                        attempts);
            case NOT_CONNECTED ->
                new Outcome.Unanswerable(
                        new Refusal(Reason.PROVIDER_UNREACHABLE, provider + " cannot be reached; ask again"),
                        sent,
                        attempts);
            case CLOSED_IDLE, BROKEN ->
                new Outcome.Unanswerable(
                        new Refusal(Reason.PROVIDER_UNREACHABLE, provider + " broke off before it answered; ask again"),
                        sent,
                        attempts);
        };
    }

    private Patience patience(Call call, Route route) {
        if (!call.stream()) {
            return new Patience(timeouts.wholeAnswer(), timeouts.idle(), timeouts.wholeAnswer());
        }
        var head = route.mayReason() ? timeouts.firstByteReasoning() : timeouts.firstByte();
        return new Patience(head, timeouts.idle(), null);
    }

    private static Attempt attempt(Target target, int status, @Nullable String fault, long start) {
        return new Attempt(
                target.provider().id(), target.model(), status, fault, Duration.ofNanos(System.nanoTime() - start));
    }

    private static @Nullable String fault(int status) {
        return status < 400 ? null : "status_" + status;
    }
}
