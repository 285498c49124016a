package com.posthog.aigateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.catalogue.Estimates;
import com.posthog.aigateway.catalogue.Model;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.config.Secret;
import com.posthog.aigateway.provider.Fit;
import com.posthog.aigateway.provider.fit.Eligibility;
import com.posthog.aigateway.provider.fit.TargetKind;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Calls on their way to a fallback target.
///
/// @param model that the caller means, as the catalogue calls it
public record Fallback(TargetKind kind, String model) {

    /// How the model is named at the target.
    public static final String NAMED_THERE = "named-there";

    private static final Eligibility ELIGIBILITY = Eligibility.read(provider -> TargetKind.valueOf(provider.id()));

    public static Call call(Endpoint endpoint, Headers headers, String body) {
        return new Call(
                new UUID(1, 2), Instant.EPOCH, endpoint, null, null, "", headers, Body.of(body.getBytes(UTF_8)));
    }

    public Fit fit(Endpoint endpoint, Headers headers, String body) {
        return fit(call(endpoint, headers, body), null);
    }

    /// Of a call whose model may be named with more than its name.
    ///
    /// @param beta that the name asks for
    public Fit fit(Call call, @Nullable String beta) {
        var target = target();
        return ELIGIBILITY.fit(call, new Route(known(call.endpoint().shape()), model, beta, List.of(target)), target);
    }

    public Fit ofUnknownModel(Call call) {
        var target = target();
        return ELIGIBILITY.fit(call, new Route(null, model, List.of(target)), target);
    }

    private Target target() {
        var family = kind.name().matches("OPENAI.*|AZURE.*") ? Family.OPENAI : Family.ANTHROPIC;
        var provider = new Provider(kind.name(), family, URI.create("http://127.0.0.1:1"), null);
        return new Target(provider, NAMED_THERE, BigDecimal.ONE);
    }

    private static Target home(Family family) {
        var provider = new Provider("home", family, URI.create("http://127.0.0.1:1"), new Secret("key"));
        return new Target(provider, NAMED_THERE, BigDecimal.ONE);
    }

    private Model known(Shape shape) {
        return new Model(
                model,
                Model.Status.ACTIVE,
                Set.of(shape),
                List.of(),
                true,
                null,
                new Model.Limits(1_000_000, 100_000L),
                new Estimates(BigDecimal.ONE, 1, 1, 0),
                null,
                LocalDate.EPOCH,
                null,
                List.of(home(shape.family())));
    }
}
