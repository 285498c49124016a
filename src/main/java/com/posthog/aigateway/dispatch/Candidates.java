package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Skipped;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.catalogue.Wire;
import com.posthog.aigateway.provider.Fit;
import com.posthog.aigateway.provider.Fitting;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The targets of one call's route that can still be asked, in order. A fallback is looked at only when it is
/// needed: whether it can serve the call takes reading the whole body. A primary that is not well comes last,
/// and is asked where nobody else is left: a breaker never answers in its place.
final class Candidates {

    /// A target that is to be asked.
    ///
    /// @param fit how the call is said there; null: in the caller's own bytes
    /// @param home true for the account that the earlier turns came from, whose word on a call stands
    /// @param health null where none is kept
    /// @param permit to be ended with what came of it; null where no health is kept
    record Candidate(
            Target target,
            Fit.@Nullable As fit,
            boolean home,
            @Nullable TargetHealth health,
            Breaker.@Nullable Permit permit) {

        /// It was not asked, or what came of it says nothing.
        void giveBack() {
            if (permit != null) {
                permit.close();
            }
        }
    }

    private record Found(Target target, Fit.@Nullable As fit, boolean forced) {}

    private final Call call;
    private final Route route;
    private final Fitting fitting;
    private final Targets targets;
    private final RetryBudget budget;
    private final Unusable unusable;
    private final DispatchFigures figures;
    private final Deque<Target> left;
    private final List<Skipped> skipped = new ArrayList<>();
    private @Nullable Found found;
    private @Nullable String unwell;

    Candidates(Call call, Route route, Dispatcher.Parts parts) {
        this.call = call;
        this.route = route;
        this.fitting = parts.fitting();
        this.targets = parts.targets();
        this.budget = parts.budget();
        this.unusable = parts.unusable();
        this.figures = parts.figures();
        this.left = new ArrayDeque<>(route.targets());
    }

    /// False where none is left to be looked at.
    boolean mayRemain() {
        return found != null || unwell != null || !left.isEmpty();
    }

    /// Whether one more can be asked.
    boolean remain() {
        while (found == null && !left.isEmpty()) {
            found = look(left.remove());
        }
        if (found == null && unwell != null) {
            unwell = null;
            found = fit(route.primary(), true);
        }
        return found != null;
    }

    /// The next one; null where there is none.
    @Nullable
    Candidate take() {
        while (remain()) {
            var next = found;
            found = null;
            if (next == null) {
                continue;
            }
            var health = targets.of(route, next.target());
            var permit = health == null ? null : permit(health, next.forced());
            if (health != null && permit == null) {
                setAside(next.target(), "breaker_open");
                continue;
            }
            if (unwell != null) {
                skip(route.primary(), unwell, unwell);
            }
            return new Candidate(next.target(), next.fit(), route.isHome(next.target()), health, permit);
        }
        return null;
    }

    private Breaker.@Nullable Permit permit(TargetHealth health, boolean forced) {
        return forced ? health.breaker().force() : health.breaker().enter(targets.now(), !budget.isEmpty());
    }

    private @Nullable Found look(Target target) {
        boolean alone = route.targets().size() == 1;
        var why = alone ? null : unwell(target);
        if (why != null) {
            setAside(target, why);
            return null;
        }
        return fit(target, alone);
    }

    private @Nullable String unwell(Target target) {
        if (targets.isEjected(route, target)) {
            return "ejected";
        }
        long now = targets.now();
        var health = targets.of(route, target);
        if (health != null && health.cools(now)) {
            return "cooling_down";
        }
        return health == null || health.breaker().admits(now, !budget.isEmpty()) ? null : "breaker_open";
    }

    private void setAside(Target target, String why) {
        if (target.equals(route.primary())) {
            unwell = why;
        } else {
            skip(target, why, why);
        }
    }

    private @Nullable Found fit(Target target, boolean forced) {
        if (takesTheCallersBytes(target)) {
            return new Found(target, null, forced);
        }
        return switch (fitting.fit(call, route, target)) {
            case Fit.Unfit _ when route.isHome(target) -> new Found(target, null, forced);
            case Fit.Unfit unfit -> {
                skip(target, unfit.why(), "unfit");
                yield null;
            }
            case Fit.As as
            when unusable.knows(target, as.features(), targets.now()) -> {
                skip(target, "it has refused a call with " + as.features() + " of late", "refused_of_late");
                yield null;
            }
            case Fit.As as -> new Found(target, as, forced);
        };
    }

    /// The model's own provider judges the call itself; where it is spoken to in another form than the caller's, it is
    /// said there as far as that is possible.
    private boolean takesTheCallersBytes(Target target) {
        return route.model() == null
                || (route.isOwn(target) && target.provider().wire() != Wire.BEDROCK_INVOKE);
    }

    void skip(Target target, String why, String reason) {
        skipped.add(new Skipped(target.provider().id(), target.model(), why));
        figures.skipped(target, reason);
    }

    /// Nobody else may be asked.
    void skipRest(String why) {
        if (found != null) {
            left.addFirst(found.target());
        }
        found = null;
        unwell = null;
        left.forEach(target -> skip(target, why, why));
        left.clear();
    }

    List<Skipped> skipped() {
        return List.copyOf(skipped);
    }
}
