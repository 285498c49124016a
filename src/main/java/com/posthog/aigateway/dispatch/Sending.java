package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.dispatch.Candidates.Candidate;
import com.posthog.aigateway.dispatch.Fault.Kind;
import com.posthog.aigateway.wire.Unanswered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One call on its way from target to target, until one answers or none is left. Then the caller gets what the
/// primary said.
final class Sending implements AutoCloseable {

    private static final Duration UNTIL_ASKED_AGAIN = Duration.ofSeconds(1);

    /// What the caller gets where nobody answers.
    ///
    /// @param attempt whose it was
    private record Kept(Tried tried, Candidate candidate, int attempt) {}

    private final Dispatcher.Parts parts;
    private final Route route;
    private final Hangup hangup;
    private final Spending spending;
    private final Candidates candidates;
    private final Asking asking;
    private final List<Attempt> attempts = new ArrayList<>();
    private @Nullable Kept kept;

    Sending(Dispatcher.Parts parts, Call call, Route route, Hangup hangup, Spending spending) {
        this.parts = parts;
        this.route = route;
        this.hangup = hangup;
        this.spending = spending;
        this.candidates = new Candidates(call, route, parts);
        this.asking = new Asking(parts, call, route, hangup, this::othersMayRemain, this::othersRemain);
    }

    private boolean othersMayRemain() {
        return !parts.budget().isEmpty() && candidates.mayRemain();
    }

    private boolean othersRemain() {
        return !parts.budget().isEmpty() && candidates.remain();
    }

    Outcome run() {
        parts.budget().called(parts.targets().now());
        var next = first();
        while (next != null) {
            var asked = next;
            switch (ask(asked)) {
                case Tried.Answered answered -> {
                    return answered(answered.reply(), asked.target(), attempts.size() - 1);
                }
                case Tried.Stopped stopped -> {
                    return stopped(stopped.mayBill());
                }
                case Tried.Rejected rejected -> {
                    keep(rejected, asked);
                    next = after(rejected.fault(), rejected.mayBill(), asked);
                }
                case Tried.Unreachable unreachable -> {
                    keep(unreachable, asked);
                    next = after(unreachable.fault(), unreachable.mayBill(), asked);
                }
            }
        }
        return unanswered();
    }

    private @Nullable Candidate first() {
        var next = candidates.take();
        while (next != null && !next.target().equals(route.primary()) && !isGranted(next, false)) {
            passOver(next, "money");
            next = candidates.take();
        }
        return next;
    }

    private boolean isGranted(Candidate next, boolean beside) {
        boolean granted = false;
        try {
            granted = spending.allows(next.target(), beside);
            return granted;
        } finally {
            if (!granted) {
                next.giveBack();
            }
        }
    }

    private void passOver(Candidate candidate, String why) {
        candidates.skip(candidate.target(), why, why);
    }

    /// With one more try on a fresh connection, where a pooled one was closed before a byte came.
    private Tried ask(Candidate candidate) {
        try {
            var tried = once(candidate);
            if (tried instanceof Tried.Unreachable unreachable
                    && unreachable.fault().kind() == Kind.STALE
                    && mayRepeat(candidate, unreachable.mayBill())) {
                followed(Kind.STALE);
                tried = once(candidate);
            }
            parts.targets().mark(candidate, tried);
            return tried;
        } finally {
            candidate.giveBack();
        }
    }

    private boolean mayRepeat(Candidate candidate, boolean sent) {
        if (!parts.budget().take()) {
            return false;
        }
        boolean allowed = !sent || spending.allows(candidate.target(), true);
        if (!allowed) {
            parts.budget().giveBack();
        }
        return allowed;
    }

    private Tried once(Candidate candidate) {
        var target = candidate.target();
        var fit = candidate.fit();
        var stripped = fit == null ? List.<String>of() : fit.stripped();
        stripped.forEach(field -> parts.figures().stripped(target, field));
        long start = System.nanoTime();
        var tried = asking.ask(candidate);
        var latency = Duration.ofNanos(System.nanoTime() - start);
        attempts.add(new Attempt(
                target.provider().id(),
                target.model(),
                tried.status(),
                tried.word(),
                latency,
                tried.mayBill(),
                null,
                null,
                stripped));
        return tried;
    }

    private void followed(Kind why) {
        attempts.set(attempts.size() - 1, attempts.getLast().followedBecause(why.word()));
    }

    /// The primary's answer stands above any other.
    private void keep(Tried tried, Candidate candidate) {
        boolean isPrimary = candidate.target().equals(route.primary());
        if (kept == null || isPrimary) {
            close();
            kept = new Kept(tried, candidate, attempts.size() - 1);
        } else {
            tried.close();
        }
    }

    /// Who is asked next; null where nobody is.
    private @Nullable Candidate after(Fault fault, boolean mayBill, Candidate asked) {
        if (fault.isOurs()) {
            parts.figures().accountFault(asked.target(), fault);
        }
        var fit = asked.fit();
        if (fit != null && !asked.home()) {
            parts.unusable()
                    .heed(
                            asked.target(),
                            fit.features(),
                            fault.kind(),
                            parts.targets().now());
        }
        if (!fault.kind().failsOver() && (asked.home() || fault.kind() != Kind.REQUEST)) {
            return null;
        }
        while (candidates.remain()) {
            if (!parts.budget().take()) {
                candidates.skipRest("retry_budget");
                return null;
            }
            var next = candidates.take();
            if (next != null && isGranted(next, mayBill)) {
                followed(fault.kind());
                parts.figures().failedOver(asked.target(), next.target(), fault.kind());
                return next;
            }
            parts.budget().giveBack();
            if (next != null) {
                passOver(next, "money");
            }
        }
        return null;
    }

    private Outcome answered(Reply reply, Target target, int attempt) {
        return new Outcome.Answered(reply, target, attempt, attempts, candidates.skipped());
    }

    private Outcome stopped(boolean mayBill) {
        return hangup.happened()
                ? new Outcome.CallerLeft(mayBill, attempts, candidates.skipped())
                : unanswerable(Refusal.shuttingDown());
    }

    private Outcome unanswered() {
        var last = kept;
        if (last == null) {
            return unanswerable(nobodyAsked());
        }
        var target = last.candidate().target();
        return switch (last.tried()) {
            case Tried.Rejected rejected
            when rejected.fault().refusal() != null ->
                unanswerable(rejected.fault().refusal());
            case Tried.Rejected rejected
            when rejected.fault().kind() == Kind.REQUEST && !last.candidate().home() -> unanswerable(notUsable(target));
            case Tried.Rejected rejected -> {
                kept = null;
                if (last.attempt() < attempts.size() - 1) {
                    // Others were asked since: what breaks off now must be this one again.
                    hangup.then(rejected.reply()::close);
                }
                yield answered(rejected.reply(), target, last.attempt());
            }
            case Tried.Unreachable unreachable -> unanswerable(refusal(unreachable.how(), target));
            case Tried.Answered _, Tried.Stopped _ -> throw new IllegalStateException("only failures are kept");
        };
    }

    private Outcome unanswerable(Refusal refusal) {
        boolean mayBill = !attempts.isEmpty() && attempts.getLast().mayBill();
        return new Outcome.Unanswerable(refusal, mayBill, attempts, candidates.skipped());
    }

    private Refusal nobodyAsked() {
        var why = candidates.skipped().isEmpty()
                ? "no target"
                : candidates.skipped().getLast().why();
        return new Refusal(
                Reason.MALFORMED,
                "provider '" + route.primary().provider().id() + "' cannot serve this call: " + why
                        + "; change the call, or let another provider serve it");
    }

    /// What a fallback says of a request that was rewritten for it would mislead its caller.
    private static Refusal notUsable(Target target) {
        return new Refusal(
                        Reason.UNAVAILABLE,
                        "provider '" + target.provider().id()
                                + "' cannot serve this call, and the model's own is not well; ask again")
                .retryAfter(UNTIL_ASKED_AGAIN);
    }

    private static Refusal refusal(Unanswered.How how, Target target) {
        var provider = "provider '" + target.provider().id() + "'";
        return switch (how) {
            case TIMED_OUT -> new Refusal(Reason.UPSTREAM_TIMEOUT, provider + " did not answer in time; ask again");
            case NOT_CONNECTED -> new Refusal(Reason.PROVIDER_UNREACHABLE, provider + " cannot be reached; ask again");
            case CLOSED_IDLE, BROKEN, BROKEN_OFF ->
                new Refusal(Reason.PROVIDER_UNREACHABLE, provider + " broke off before it answered; ask again");
        };
    }

    /// Lets go of what was kept for the caller.
    @Override
    public void close() {
        if (kept != null) {
            kept.tried().close();
            kept = null;
        }
    }
}
