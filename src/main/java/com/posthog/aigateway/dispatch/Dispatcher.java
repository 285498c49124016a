package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Delivered;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.config.GatewaySettings.Timeouts;
import com.posthog.aigateway.provider.Fitting;
import com.posthog.aigateway.provider.ProviderClient;
import com.posthog.aigateway.stream.Opening;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the targets of a call, one after another, until one answers.
public final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Patience TO_STOP =
            new Patience(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));

    /// What all calls share.
    record Parts(
            ProviderClient client,
            Fitting fitting,
            Targets targets,
            Opening opening,
            Timeouts timeouts,
            DispatchFigures figures,
            RetryBudget budget,
            Unusable unusable) {}

    private final Parts parts;

    /// @param client speaks with all providers
    /// @param opening looks at an answer while another target could take over
    public Dispatcher(
            ProviderClient client,
            Fitting fitting,
            Targets targets,
            Opening opening,
            Timeouts timeouts,
            DispatchFigures figures) {
        this.parts = new Parts(client, fitting, targets, opening, timeouts, figures, new RetryBudget(), new Unusable());
    }

    /// Asks until somebody answers, or nobody can. What a provider has stored is asked for nowhere else: its
    /// route has one target.
    public Outcome send(Call call, Route route, Hangup hangup, Spending spending) {
        try (var sending = new Sending(parts, call, route, hangup, spending)) {
            var outcome = sending.run();
            return call.endpoint() == Endpoint.COUNT_TOKENS ? counted(call, route, outcome) : outcome;
        }
    }

    /// A question for a count is always answered, be it by our own estimate.
    private static Outcome counted(Call call, Route route, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered answered
            when answered.reply().status() < 500 && answered.reply().status() != 429 -> answered;
            case Outcome.Answered answered -> {
                answered.reply().close();
                yield estimated(call, answered.target(), outcome);
            }
            case Outcome.Unanswerable none when none.refusal().reason() == Reason.MALFORMED -> none;
            case Outcome.Unanswerable _ -> estimated(call, route.primary(), outcome);
            case Outcome.CallerLeft left -> left;
        };
    }

    private static Outcome estimated(Call call, Target target, Outcome outcome) {
        return new Outcome.Answered(
                EstimatedCount.of(call), target, outcome.attempts().size() - 1, outcome.attempts(), outcome.skipped());
    }

    /// An answer has gone where it could. One that broke off counts against its target.
    public void ended(Call call, Route route, Target target, Delivered delivered) {
        if (delivered.ending() == Ending.INCOMPLETE) {
            parts.targets().brokeLater(route, target);
        }
        stop(call, target, delivered);
    }

    /// Stops at its provider what the caller has left: a response in the background would go on, and cost.
    private void stop(Call call, Target target, Delivered delivered) {
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
        try (var reply =
                parts.client().ask(cancel, new Route(null, null, List.of(target)), target, TO_STOP, new Hangup())) {
            LOG.debug("a response in the background was stopped: {}", reply.status());
        } catch (Unanswered e) {
            LOG.warn(
                    "the response of call {} may go on at its provider: {}",
                    call.id(),
                    e.how().word());
        }
    }
}
