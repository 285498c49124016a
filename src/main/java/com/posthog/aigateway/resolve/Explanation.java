package com.posthog.aigateway.resolve;

import static com.posthog.aigateway.resolve.Spelling.quoted;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.ListPrice;
import com.posthog.aigateway.catalogue.Model;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.config.GatewaySettings.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The way from a name to a route, told to an operator.
final class Explanation {

    private final Catalogue catalogue;
    private final Policy unknown;
    private final Names names;
    private final List<String> lines = new ArrayList<>();

    Explanation(Catalogue catalogue, Policy unknown, Names names) {
        this.catalogue = catalogue;
        this.unknown = unknown;
        this.names = names;
    }

    List<String> of(String name, @Nullable Shape shape, Instant at) {
        var trials = names.trials(name);
        var meaning = trials.getLast().meaning();
        tellSteps(trials, meaning != null);
        if (meaning == null) {
            tellUnknown(name, shape, at);
        } else {
            tellModel(meaning, shape, at);
        }
        return List.copyOf(lines);
    }

    private void tellSteps(List<Trial> trials, boolean found) {
        var rest = found ? "not needed" : "not tried: no model's name has such letters or length";
        for (var step : Step.values()) {
            int at = lines.size();
            tellStep(step.toString(), at < trials.size() ? outcome(trials.get(at)) : rest);
        }
        tellStep("unknown", found ? "not needed" : "yes");
    }

    private void tellStep(String step, String outcome) {
        lines.add(String.format(Locale.ROOT, "%d  %-35s %s", lines.size() + 1, step, outcome));
    }

    private static String outcome(Trial trial) {
        var meaning = trial.meaning();
        return quoted(trial.tried())
                + (meaning == null
                        ? ": no"
                        : meaning.stranger()
                                ? ": a snapshot that is not listed, of "
                                        + meaning.model().id()
                                : ": hit, " + meaning.model().id());
    }

    private void tellModel(Meaning meaning, @Nullable Shape shape, Instant at) {
        var model = meaning.model();
        tell("model", model.id() + " (" + model.status() + "), speaks " + words(model));
        tellPrice(catalogue.listPrice(model, at));
        if (shape != null && shape.family() != model.family()) {
            tell("route", "none: 400, it does not speak " + shape);
            return;
        }
        if (shape != null && !model.shapes().contains(shape)) {
            tell("note", "not listed for " + shape + "; its provider decides");
        }
        catalogue.primary(model.family()).ifPresent(own -> tellTargets(meaning.targets(own)));
        tell("beta", beta(meaning));
    }

    private static String beta(Meaning meaning) {
        var beta = meaning.beta();
        if (beta != null) {
            return "anthropic-beta: " + beta;
        }
        return meaning.longContext() ? "none: [1m] needs none here" : "none";
    }

    private void tellUnknown(String name, @Nullable Shape shape, Instant at) {
        if (unknown == Policy.REFUSE) {
            tell("route", "none: 404, unknown_model.policy is refuse");
            return;
        }
        tell("model", "unknown: passed on unchanged, no other target is tried (unknown_model.policy is forward)");
        tellPrice(catalogue.listPrice(null, at));
        for (var family : Family.values()) {
            if (shape == null || shape.family() == family) {
                catalogue
                        .primary(family)
                        .ifPresent(provider -> tell(
                                "target",
                                provider.id() + ": " + quoted(name) + key(provider.configured()) + ", for "
                                        + (shape == null ? words(family) : shape)));
            }
        }
    }

    private void tellPrice(ListPrice price) {
        tell(
                "price",
                price.name() + (price.from() == null ? "" : " from " + price.from()) + ": input "
                        + price.input().toPlainString() + ", output "
                        + price.output().toPlainString() + " USD per million tokens");
    }

    private void tellTargets(List<Target> targets) {
        for (var target : targets) {
            tell(
                    "target",
                    target.provider().id() + ": " + quoted(target.model())
                            + key(target.provider().configured()));
        }
    }

    private static String key(boolean configured) {
        return configured ? "" : " (left out: no key)";
    }

    private void tell(String what, String words) {
        lines.add(String.format(Locale.ROOT, "%-8s%s", what, words));
    }

    private static String words(Model model) {
        return model.shapes().stream().sorted().map(Shape::toString).collect(Collectors.joining(", "));
    }

    private static String words(Family family) {
        return Arrays.stream(Shape.values())
                .filter(shape -> shape.family() == family)
                .map(Shape::toString)
                .collect(Collectors.joining(", "));
    }
}
