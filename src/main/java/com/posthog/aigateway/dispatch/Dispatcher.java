package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Call;
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
import org.jspecify.annotations.Nullable;

/// Asks the primary target. A pooled connection that was closed before a byte came gets one more try on a fresh one.
public final class Dispatcher {

    private final ProviderClient client;
    private final Timeouts timeouts;

    public Dispatcher(ProviderClient client, Timeouts timeouts) {
        this.client = client;
        this.timeouts = timeouts;
    }

    public Outcome send(Call call, Route route, Hangup hangup) {
        var target = route.primary();
        var attempts = new ArrayList<Attempt>();
        while (true) {
            long start = System.nanoTime();
            try {
                var reply = client.ask(call, route, target, patience(call, route), hangup);
                attempts.add(attempt(target, reply.status(), fault(reply.status()), start));
                return answered(reply, target, attempts);
            } catch (Unanswered e) {
                attempts.add(attempt(target, 0, e.how().word(), start));
                boolean again = e.how() == Unanswered.How.CLOSED_IDLE && attempts.size() == 1;
                if (!again) {
                    return unanswered(e, target, attempts, hangup);
                }
            }
        }
    }

    /// Our own account's faults are not the caller's business: the provider's words about it never pass.
    private static Outcome answered(Reply reply, Target target, List<Attempt> attempts) {
        if (reply.status() == 401 || reply.status() == 403) {
            reply.close();
            var refusal = new Refusal(
                    Reason.PROVIDER_CREDENTIALS_REJECTED,
                    "provider '" + target.provider().id()
                            + "' rejected this gateway's own key; its operators must mend that, a retry will not help");
            return new Outcome.Unanswerable(refusal, false, attempts);
        }
        return new Outcome.Answered(reply, target, attempts);
    }

    private static Outcome unanswered(Unanswered e, Target target, List<Attempt> attempts, Hangup hangup) {
        var provider = "provider '" + target.provider().id() + "'";
        return switch (e.how()) {
            case BROKEN_OFF ->
                hangup.happened()
                        ? new Outcome.CallerLeft(attempts)
                        : new Outcome.Unanswerable(Refusal.shuttingDown(), true, attempts);
            case TIMED_OUT ->
                new Outcome.Unanswerable(
                        new Refusal(Reason.UPSTREAM_TIMEOUT, provider + " did not answer in time; ask again"),
                        true,
                        attempts);
            case NOT_CONNECTED ->
                new Outcome.Unanswerable(
                        new Refusal(Reason.PROVIDER_UNREACHABLE, provider + " cannot be reached; ask again"),
                        false,
                        attempts);
            case CLOSED_IDLE, BROKEN ->
                new Outcome.Unanswerable(
                        new Refusal(Reason.PROVIDER_UNREACHABLE, provider + " broke off before it answered; ask again"),
                        true,
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
