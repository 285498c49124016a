package com.posthog.aigateway.runaway;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.config.CallerSettings;
import com.posthog.aigateway.config.CallerSettings.Mode;
import com.posthog.aigateway.runaway.Breaker.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Stops a credential that sends the same again and again, or spends much faster than it may or usually does. Each
/// replica counts what it sees itself; what one has opened is open on all.
public final class Runaway {

    /// The SDKs' own; a first sending has none, or 0.
    private static final String RETRY = "x-stainless-retry-count";

    private static final Pattern POSITIVE = Pattern.compile("0*[1-9]\\d{0,9}");
    private static final Money NOTHING_HELD = Money.ZERO;

    private final Map<String, Policy> policies;
    private final Breakers breakers;
    private final Clock clock;
    private final RunawayFigures figures;
    private final Repetitions repetitions;
    private final Paces paces;

    public Runaway(CallerSettings settings, Breakers breakers, Clock clock, RunawayFigures figures) {
        this(settings, breakers, clock, figures, new Repetitions(), new Paces());
        breakers.listen(this::begin);
    }

    private Runaway(
            CallerSettings settings,
            Breakers breakers,
            Clock clock,
            RunawayFigures figures,
            Repetitions repetitions,
            Paces paces) {
        this.policies = settings.teams().stream()
                .collect(Collectors.toUnmodifiableMap(CallerSettings.Team::id, team -> Policy.of(team.runaway())));
        this.breakers = breakers;
        this.clock = clock;
        this.figures = figures;
        this.repetitions = repetitions;
        this.paces = paces;
    }

    /// The same, by other settings: what was counted counts on.
    public Runaway with(CallerSettings settings) {
        return new Runaway(settings, breakers, clock, figures, repetitions, paces);
    }

    /// Counting begins from zero, wherever the breaker was opened or closed. What an operator closes was meant, so
    /// that it is learned as usual.
    private void begin(Breaker breaker, boolean opened) {
        var body = breaker.body();
        if (body == null) {
            paces.clear(breaker.credential(), !opened);
        } else {
            repetitions.forget(breaker.credential(), body);
        }
    }

    /// Refusal: the credential, or this body of it, is stopped for a while.
    public Watched check(Caller caller, Call call) {
        var policy = policies.get(caller.team());
        if (policy == null || policy.mode() == Mode.OFF || !call.endpoint().isBilled()) {
            return Watched.NOT;
        }
        var watch = new Watch(caller, policy, isRetry(call));
        watch.checkSpend();
        if (call.endpoint() != Endpoint.EMBEDDINGS) {
            watch.checkBody(Digest.of(call));
        }
        return watch;
    }

    private static boolean isRetry(Call call) {
        return call.headers()
                .first(RETRY)
                .filter(count -> POSITIVE.matcher(count).matches())
                .isPresent();
    }

    /// One call of one credential.
    private final class Watch implements Watched {
        private final Caller caller;
        private final Policy policy;
        private final boolean retry;
        private final long at = clock.millis();
        private boolean ignoresSpend;
        private @Nullable Digest counted;
        private Paces.@Nullable Spent spent;

        Watch(Caller caller, Policy policy, boolean retry) {
            this.caller = caller;
            this.policy = policy;
            this.retry = retry;
        }

        void checkSpend() {
            var open = breakers.find(Breaker.ofSpend(caller.credential()));
            ignoresSpend = open.isPresent();
            open.ifPresent(this::stop);
        }

        void checkBody(Digest body) {
            var what = Breaker.ofBody(caller.credential(), body);
            var open = breakers.find(what);
            if (open.isPresent()) {
                stop(open.get());
                return;
            }
            long times = repetitions.add(caller.credential(), body, retry, policy.within(), at);
            counted = body;
            if (times > policy.times()) {
                stop(open(what, Kind.SAME_BODY, why(times), Long.toString(policy.times()), Long.toString(times)));
            }
        }

        private String why(long times) {
            return "credential '" + caller.credential() + "' has sent the same body " + times + " times"
                    + (retry ? " as retries" : "") + " within " + policy.within() / 1_000 + " s, more than "
                    + policy.times();
        }

        private Breaker open(String what, Kind kind, String why, String limit, String used) {
            var now = breakers.now();
            var breaker = new Breaker(
                    what,
                    caller.credential(),
                    caller.team(),
                    kind,
                    why,
                    limit,
                    used,
                    policy.mode(),
                    now,
                    now.plus(policy.coolDown()));
            if (breakers.open(breaker)) {
                figures.opened(breaker);
            }
            return breaker;
        }

        /// Refusal, but where both who opened it and this replica only watch.
        private void stop(Breaker breaker) {
            boolean really = policy.mode() == Mode.ENFORCE && breaker.mode() == Mode.ENFORCE;
            figures.refused(breaker, really);
            if (really) {
                throw refusal(breaker);
            }
        }

        private Refusal refusal(Breaker breaker) {
            long millis = Duration.between(breakers.now(), breaker.until()).toMillis();
            var wait = Duration.ofSeconds(Math.max(1, Math.ceilDiv(millis, 1_000)));
            var all = breaker.body() == null;
            var what = breaker.why() + "; " + (all ? "its calls are" : "this body is") + " refused until "
                    + breaker.until().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1)
                    + (all ? "" : ", others are not") + "; if it is meant, ask the operators of this gateway to close '"
                    + breaker.what() + "', or to raise 'runaway' of team '" + breaker.team() + "'";
            var account = new Account(Scope.CREDENTIAL, breaker.credential());
            var limit = new Refusal.Limit(
                    account, breaker.kind().word(), breaker.limit(), breaker.used(), held(breaker.kind()));
            return new Refusal(Reason.RUNAWAY, what).by(limit).retryAfter(wait);
        }

        private static String held(Kind kind) {
            return kind == Kind.SAME_BODY ? "0" : NOTHING_HELD.toString();
        }

        @Override
        public void spends(Money estimate) {
            if (!ignoresSpend) {
                spent = paces.add(caller.credential(), estimate.nanos(), at / 1_000);
                judge();
            }
        }

        @Override
        public void ended(Receipt receipt) {
            if (receipt.ending() == Ending.REFUSED && counted != null) {
                repetitions.takeBack(caller.credential(), counted, retry, at);
            }
            if (spent != null) {
                paces.correct(caller.credential(), spent, receipt.cost().total().nanos(), clock.millis() / 1_000);
                judge();
            }
        }

        private void judge() {
            var excess = paces.excess(caller.credential(), policy.speed());
            if (excess != null) {
                var limit = new Money(excess.limit()).toString();
                var used = new Money(excess.spent()).toString();
                var kind = excess.usual() == null ? Kind.USD_PER_MINUTE : Kind.TIMES_BASELINE;
                open(Breaker.ofSpend(caller.credential()), kind, why(excess, used, limit), limit, used);
            }
        }

        private String why(Pace.Excess excess, String used, String limit) {
            var says = "credential '" + caller.credential() + "' spends " + used + " USD a minute, more than " + limit;
            return excess.usual() == null
                    ? says
                    : says + ", which is " + policy.speed().times() + " times the " + new Money(excess.usual())
                            + " of its usual minute";
        }
    }
}
