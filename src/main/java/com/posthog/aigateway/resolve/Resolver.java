package com.posthog.aigateway.resolve;

import static com.posthog.aigateway.resolve.Spelling.quoted;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.config.GatewaySettings.Policy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the model that a call means, however its client spells it, and the targets that may answer. What the catalogue
/// does not know goes unchanged to the first provider of the shape's family, or nowhere, by policy.
public final class Resolver {

    private final Catalogue catalogue;
    private final Policy unknown;
    private final Names names;

    public Resolver(Catalogue catalogue, Policy unknown) {
        this.catalogue = catalogue;
        this.unknown = unknown;
        this.names = new Names(catalogue);
    }

    /// Refusal: no model named, unknown, not allowed for this caller, of another family, none of its targets is
    /// configured, or a header wants a provider that cannot serve it.
    public Route route(Call call, Caller caller) {
        var pin = Pin.of(call.headers(), catalogue);
        var member = call.body().member("model");
        if (member.isEmpty() && call.endpoint().shape() == Shape.OPENAI_RESPONSES) {
            return unknown(call, null, caller, pin);
        }
        var name = call.body()
                .text("model")
                .orElseThrow(() ->
                        new Refusal(Reason.MALFORMED, "the body must name a model: \"model\" as a string").of("model"));
        var meaning = names.meaning(name).orElse(null);
        if (meaning == null) {
            return unknown(call, name, caller, pin);
        }
        var targets = targets(call.endpoint().shape(), meaning, caller, pin);
        return new Route(meaning.model(), name, meaning.beta(), targets);
    }

    /// How a name is read, step by step, and what would come of a call; a line each, for people.
    ///
    /// @param shape of the call; null: one that the model speaks
    public List<String> explain(String name, @Nullable Shape shape, Instant at) {
        return new Explanation(catalogue, unknown, names).of(name, shape, at);
    }

    private List<Target> targets(Shape shape, Meaning meaning, Caller caller, Pin pin) {
        var model = meaning.model();
        if (!caller.mayUse(model.id())) {
            throw notAllowed(model.id(), caller);
        }
        if (model.family() != shape.family()) {
            throw new Refusal(
                            Reason.MALFORMED,
                            "model '" + model.id() + "' does not speak " + shape + "; it speaks " + model.shapes())
                    .of("model");
        }
        return configured(
                pin.narrow(meaning.targets(primary(model.family(), model.id())), quoted(model.id())), model.id());
    }

    private Route unknown(Call call, @Nullable String named, Caller caller, Pin pin) {
        var name = named == null ? "(none)" : named;
        if (!caller.mayUse("*")) {
            throw notAllowed(name, caller);
        }
        if (unknown == Policy.REFUSE) {
            throw new Refusal(
                            Reason.NOT_FOUND,
                            "model " + quoted(name) + " is unknown here; ask for one that the gateway lists")
                    .of("model");
        }
        var provider = primary(call.endpoint().shape().family(), name);
        var target = new Target(provider, name, BigDecimal.ONE);
        return new Route(null, named, configured(pin.narrow(List.of(target), quoted(name)), name));
    }

    private Provider primary(Family family, String model) {
        return catalogue.primary(family).orElseThrow(() -> notConfigured(model));
    }

    private static List<Target> configured(List<Target> targets, String model) {
        var configured = targets.stream()
                .filter(target -> target.provider().configured())
                .toList();
        if (configured.isEmpty()) {
            throw notConfigured(model);
        }
        return configured;
    }

    private static Refusal notConfigured(String model) {
        return new Refusal(
                Reason.PROVIDER_NOT_CONFIGURED,
                "no provider of model " + quoted(model) + " has a key in this gateway; its operators must set one");
    }

    private static Refusal notAllowed(String model, Caller caller) {
        return new Refusal(
                        Reason.NOT_ALLOWED,
                        "credential '" + caller.credential() + "' may not use model " + quoted(model)
                                + "; ask for one that it may, or have it allowed")
                .of("model");
    }
}
