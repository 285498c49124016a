package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Fact;
import com.posthog.aigateway.catalogue.Target;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What operators see and change of the targets.
public final class TargetDesk {

    private final Targets targets;
    private final Ejections ejections;
    private final Supplier<List<Target>> all;

    /// @param all targets that the catalogue in force has
    public TargetDesk(Targets targets, Ejections ejections, Supplier<List<Target>> all) {
        this.targets = targets;
        this.ejections = ejections;
        this.all = all;
    }

    /// All targets, as they stand on this replica now.
    public List<TargetState> states() {
        long now = targets.now();
        return all.get().stream().map(target -> state(target, now)).toList();
    }

    private TargetState state(Target target, long now) {
        var health = targets.of(target);
        var breaker = health.breaker();
        var state = breaker.state();
        return new TargetState(
                target.provider().id(),
                target.model(),
                state.name().toLowerCase(Locale.ROOT),
                state == Breaker.State.OPEN ? Instant.ofEpochMilli(breaker.openUntil()) : null,
                health.cools(now) ? Instant.ofEpochMilli(health.coolUntil()) : null,
                breaker.recentCalls(now),
                breaker.recentFailures(now),
                ejections.of(target).map(Fact::value).orElse(null));
    }

    /// Takes targets out, on all replicas and across restarts: they are asked only where no other is left.
    /// Returns how many members have it in force already.
    ///
    /// IllegalArgumentException: no such target.
    ///
    /// @param model null: all of the provider's
    public int eject(String provider, @Nullable String model, String reason, String who) {
        return ejections.eject(provider, known(provider, model), reason, who);
    }

    public int restore(String provider, @Nullable String model, String who) {
        return ejections.restore(provider, known(provider, model), who);
    }

    private String known(String provider, @Nullable String model) {
        boolean found = all.get().stream()
                .anyMatch(target -> target.provider().id().equals(provider)
                        && (model == null || target.model().equals(model)));
        if (!found) {
            throw new IllegalArgumentException("provider '" + provider + "' has no target"
                    + (model == null ? "" : " '" + model + "'") + " in the catalogue; GET /targets lists them");
        }
        return model == null ? Ejections.EVERY_MODEL : model;
    }
}
