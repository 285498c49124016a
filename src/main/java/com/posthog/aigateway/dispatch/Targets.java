package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.dispatch.Candidates.Candidate;
import com.posthog.aigateway.telemetry.Metrics;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How all targets stand, as this process sees them. They are as many as the catalogue has had.
public final class Targets {

    private record Place(String provider, String model) {}

    private final Map<Place, TargetHealth> known = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
    private final Predicate<Target> ejected;
    private final Metrics metrics;
    private final Clock clock;

    /// @param ejected true for a target that operators have taken out
    public Targets(Predicate<Target> ejected, Metrics metrics, Clock clock) {
        this.ejected = ejected;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Null where none is kept: for a model that the catalogue does not know. Callers may make up names and
    /// days; their health is that of the model.
    @Nullable
    TargetHealth of(Route route, Target target) {
        return listed(route, target).map(this::of).orElse(null);
    }

    private static Optional<Target> listed(Route route, Target target) {
        var model = route.model();
        return model == null
                ? Optional.empty()
                : model.targets().stream()
                        .filter(listed -> listed.provider().equals(target.provider()))
                        .findFirst();
    }

    TargetHealth of(Target target) {
        return known.computeIfAbsent(new Place(target.provider().id(), target.model()), this::shown);
    }

    private TargetHealth shown(Place place) {
        var health = new TargetHealth(runs.computeIfAbsent(place.provider(), _ -> new AtomicInteger()));
        metrics.gauge(
                "aigw_target_breaker",
                "0 closed, 1 half-open, 2 open",
                Map.of("provider", place.provider(), "model", place.model()),
                () -> health.breaker().state().number());
        return health;
    }

    /// What came of asking a target counts for the next calls.
    void mark(Candidate candidate, Tried tried) {
        var permit = candidate.permit();
        var health = candidate.health();
        if (permit == null || health == null) {
            return;
        }
        switch (tried) {
            case Tried.Answered _ -> permit.succeeded(now());
            case Tried.Stopped _ -> permit.close();
            case Tried.Unreachable unreachable -> mark(health, permit, unreachable.fault(), Headers.NONE);
            case Tried.Rejected rejected ->
                mark(health, permit, rejected.fault(), rejected.reply().headers());
        }
    }

    private void mark(TargetHealth health, Breaker.Permit permit, Fault fault, Headers headers) {
        switch (fault.kind().mark()) {
            case NEUTRAL -> permit.close();
            case FAILURE -> permit.failed(now());
            case COOLS -> {
                health.cool(TargetHealth.wait(headers, fault.kind()), now());
                permit.close();
            }
        }
    }

    /// An answer that had begun well did not reach its end.
    void brokeLater(Route route, Target target) {
        var health = of(route, target);
        if (health != null) {
            health.breaker().brokeLater(now());
        }
    }

    boolean isEjected(Route route, Target target) {
        return listed(route, target).filter(ejected).isPresent();
    }

    long now() {
        return clock.millis();
    }
}
