package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.config.GatewaySettings.Timeouts;
import com.posthog.aigateway.dispatch.Candidates.Candidate;
import com.posthog.aigateway.dispatch.Fault.Kind;
import com.posthog.aigateway.provider.ProviderClient;
import com.posthog.aigateway.stream.Ahead;
import com.posthog.aigateway.stream.Opening;
import com.posthog.aigateway.stream.Opening.Seen;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Asks one target once, and says what came of it. As long as another target could take over, the answer is
/// looked at before any of it passes; else nothing is held. Whether one could is found out when it is needed: an answer
/// whose content has come already passes without.
final class Asking {

    private static final byte[] NOTHING = new byte[0];
    private static final int MOST_OF_AN_ERROR = 64 << 10;

    /// For the text of an error, while another target waits to be asked.
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final ProviderClient client;
    private final Opening opening;
    private final Timeouts timeouts;
    private final Call call;
    private final Route route;
    private final Hangup hangup;
    private final BooleanSupplier othersMayRemain;
    private final BooleanSupplier othersRemain;

    /// @param othersMayRemain where it is true, `othersRemain` tells, which takes longer
    Asking(
            Dispatcher.Parts parts,
            Call call,
            Route route,
            Hangup hangup,
            BooleanSupplier othersMayRemain,
            BooleanSupplier othersRemain) {
        this.client = parts.client();
        this.opening = parts.opening();
        this.timeouts = parts.timeouts();
        this.call = call;
        this.route = route;
        this.hangup = hangup;
        this.othersMayRemain = othersMayRemain;
        this.othersRemain = othersRemain;
    }

    Tried ask(Candidate candidate) {
        try {
            var fit = candidate.fit();
            var reply = fit == null
                    ? client.ask(call, route, candidate.target(), patience(), hangup)
                    : client.ask(call, route, candidate.target(), fit, patience(), hangup);
            return reply.status() >= 400 ? error(reply, candidate.target()) : answer(reply, candidate.target());
        } catch (Unanswered e) {
            return unanswered(e, candidate.target());
        }
    }

    private Patience patience() {
        if (!call.stream()) {
            return new Patience(timeouts.wholeAnswer(), timeouts.idle(), timeouts.wholeAnswer());
        }
        var head = route.mayReason() ? timeouts.firstByteReasoning() : timeouts.firstByte();
        return new Patience(head, timeouts.idle(), null);
    }

    private Duration preamble() {
        var model = route.model();
        return model == null || model.preamble() == null ? timeouts.preamble() : model.preamble();
    }

    /// A wholly read error lets go of its connection while others are asked.
    private Tried error(Reply reply, Target target) {
        boolean known = route.model() != null;
        var byStatus = Diagnosis.of(reply.status(), NOTHING, target.provider(), known);
        boolean mayMove = (byStatus.kind().failsOver() || reply.status() == 404) && othersRemain.getAsBoolean();
        if (!mayMove && !AccountFault.mayHide(reply.status())) {
            return new Tried.Rejected(reply, byStatus, false);
        }
        var ahead = Ahead.toTheEnd(reply, MOST_OF_AN_ERROR, mayMove ? SHORT : timeouts.idle());
        if (ahead.isWhole()) {
            reply.close();
        }
        var fault = Diagnosis.of(reply.status(), ahead.beginning(), target.provider(), known);
        return new Tried.Rejected(ahead, fault, false);
    }

    private Tried answer(Reply reply, Target target) {
        if (!othersMayRemain.getAsBoolean()) {
            return new Tried.Answered(reply);
        }
        return switch (opening.look(reply, call.endpoint().shape(), preamble(), othersRemain)) {
            case Seen.Begun begun -> new Tried.Answered(begun.reply());
            case Seen.Failed failed ->
                new Tried.Rejected(failed.reply(), Diagnosis.ofEvent(failed.event(), target.provider()), true);
            case Seen.Broke(var held, var how)
            when how == Reply.Broken.How.CANCELLED -> {
                held.close();
                yield new Tried.Stopped(true);
            }
            case Seen.Broke(var held, var how) -> new Tried.Rejected(held, Fault.of(broken(how, target)), true);
        };
    }

    private Kind broken(Reply.Broken.How how, Target target) {
        return switch (how) {
            case CUT_OFF, CANCELLED -> call.stream() ? Kind.STREAM : Kind.BROKEN;
            case IDLE, TOO_LONG -> late(target);
        };
    }

    private Tried unanswered(Unanswered e, Target target) {
        if (e.how() == Unanswered.How.BROKEN_OFF) {
            return new Tried.Stopped(e.wasSent());
        }
        var kind = switch (e.how()) {
            case NOT_CONNECTED -> Kind.UNREACHABLE;
            case CLOSED_IDLE -> Kind.STALE;
            case BROKEN, BROKEN_OFF -> Kind.BROKEN;
            case TIMED_OUT -> e.wasSent() ? late(target) : Kind.UNREACHABLE;
        };
        return new Tried.Unreachable(e.how(), Fault.of(kind), e.wasSent());
    }

    private Kind late(Target target) {
        return call.stream() || target.repeatsAfterTimeout() ? Kind.TIMEOUT : Kind.LATE_WHOLE;
    }
}
