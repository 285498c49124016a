package com.posthog.aigateway.resolve;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Model;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.config.GatewaySettings.Policy;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the model that a call names: an exact id, or an exact alias. What the catalogue does not know goes unchanged
/// to the provider of the call's shape, or nowhere, by policy.
public final class Resolver {

    private final Catalogue catalogue;
    private final Policy unknown;

    public Resolver(Catalogue catalogue, Policy unknown) {
        this.catalogue = catalogue;
        this.unknown = unknown;
    }

    /// Refusal: no model named, unknown, not allowed for this caller, of another shape, or none of its targets is
    /// configured.
    public Route route(Call call, Caller caller) {
        var member = call.body().member("model");
        if (member.isEmpty() && call.endpoint().shape() == Shape.OPENAI_RESPONSES) {
            return unknown(call, null, caller);
        }
        var name = call.body()
                .text("model")
                .orElseThrow(() ->
                        new Refusal(Reason.MALFORMED, "the body must name a model: \"model\" as a string").of("model"));
        var model = catalogue.find(name).orElse(null);
        return model == null ? unknown(call, name, caller) : known(call, model, name, caller);
    }

    private Route known(Call call, Model model, String name, Caller caller) {
        if (!caller.mayUse(model.id())) {
            throw notAllowed(model.id(), caller);
        }
        var family = call.endpoint().shape().family();
        if (model.shapes().stream().noneMatch(shape -> shape.family() == family)) {
            throw new Refusal(
                            Reason.MALFORMED,
                            "model '" + model.id() + "' does not speak "
                                    + call.endpoint().shape() + "; it speaks " + model.shapes())
                    .of("model");
        }
        var targets = model.targets().stream()
                .filter(target -> target.provider().configured())
                .toList();
        if (model.targets().isEmpty()) {
            // No target of its own any more: its old provider says best what became of it.
            targets = List.of(new Target(primary(family, model.id()), name, BigDecimal.ONE));
        } else if (targets.isEmpty()) {
            throw notConfigured(model.id());
        }
        return new Route(model, name, targets);
    }

    private Route unknown(Call call, @Nullable String named, Caller caller) {
        var name = named == null ? "(none)" : named;
        if (!caller.mayUse("*")) {
            throw notAllowed(name, caller);
        }
        if (unknown == Policy.REFUSE) {
            throw new Refusal(
                            Reason.NOT_FOUND,
                            "model '" + name + "' is unknown here; ask for one that the gateway lists")
                    .of("model");
        }
        var provider = primary(call.endpoint().shape().family(), name);
        return new Route(null, named, List.of(new Target(provider, name, BigDecimal.ONE)));
    }

    private Provider primary(Family family, String model) {
        return catalogue.primary(family).filter(Provider::configured).orElseThrow(() -> notConfigured(model));
    }

    private static Refusal notConfigured(String model) {
        return new Refusal(
                Reason.PROVIDER_NOT_CONFIGURED,
                "no provider of model '" + model + "' has a key in this gateway; its operators must set one");
    }

    private static Refusal notAllowed(String model, Caller caller) {
        return new Refusal(
                        Reason.NOT_ALLOWED,
                        "credential '" + caller.credential() + "' may not use model '" + model
                                + "'; ask for one that it may, or have it allowed")
                .of("model");
    }
}
