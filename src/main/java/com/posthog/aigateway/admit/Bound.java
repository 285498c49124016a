package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Model;
import com.posthog.aigateway.catalogue.Route;
import org.jspecify.annotations.Nullable;

/// The most that one attempt of a call can cost, whichever target, tier, speed and place it lands in; or why
/// nobody can say.
sealed interface Bound {

    record Worst(Money cost) implements Bound {}

    /// There is no such amount.
    ///
    /// @param member of the body that is at fault; null: none is
    record Unbounded(@Nullable String member, String why) implements Bound {

        Refusal refusal() {
            var refusal = new Refusal(
                    Reason.COST_UNBOUNDED,
                    "nobody can say what this call costs at most, and a budget needs that: " + why);
            return member == null ? refusal : refusal.of(member);
        }
    }

    /// What providers add to a text: roles, the frames of tools, hidden instructions.
    long ADDED_TOKENS = 2_000;

    long LONG_CONTEXT = 1_000_000;

    static Bound of(Call call, Route route, Catalogue catalogue) {
        if (!call.endpoint().isBilled()) {
            return new Worst(Money.ZERO);
        }
        var model = route.model();
        if (model == null) {
            return unpriced(route);
        }
        var reach = Reach.of(call, model);
        if (reach.unbounded() != null) {
            return reach.unbounded();
        }
        long input = input(call, route, model, reach);
        long output = output(call, route, model, reach);
        return catalogue
                .dearest(route, input, reach.latitude(), call.at())
                .<Bound>map(dearest -> new Worst(dearest.cost(input, output)))
                .orElseGet(() -> unpriced(route));
    }

    private static Unbounded unpriced(Route route) {
        return new Unbounded(
                "model",
                "model " + (route.named() == null ? "(none)" : "'" + route.named() + "'")
                        + " has no price here; ask for one that has");
    }

    /// No token is shorter than a byte. Embeddings are many texts, each with a context of its own.
    private static long input(Call call, Route route, Model model, Reach reach) {
        long text = call.body().bytes().length + ADDED_TOKENS;
        long context = context(call, route, model);
        if (call.endpoint() == Endpoint.EMBEDDINGS) {
            return reach.textOnly() ? text : Math.max(text, context);
        }
        return reach.textOnly() ? Math.min(text, context) : context;
    }

    private static long context(Call call, Route route, Model model) {
        boolean isLong = route.beta() != null || Reach.hasBeta(call, "context-1m");
        return isLong
                ? Math.max(model.limits().context(), LONG_CONTEXT)
                : model.limits().context();
    }

    private static long output(Call call, Route route, Model model, Reach reach) {
        if (call.endpoint() == Endpoint.EMBEDDINGS) {
            return 0;
        }
        var listed = model.limits().output();
        // What writes nothing, and is asked to, is not as listed; nor is what a beta lets write more.
        long most = listed == null || Reach.hasBeta(call, "output-") ? context(call, route, model) : listed;
        return Math.min(reach.output(), most) * reach.choices();
    }
}
