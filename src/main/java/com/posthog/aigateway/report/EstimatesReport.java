package com.posthog.aigateway.report;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Estimates;
import com.posthog.aigateway.catalogue.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Compares what was estimated with what was used, model by model, and suggests better estimates: as YAML to paste into
/// `providers.yaml`, with the figures as comments.
public final class EstimatesReport {

    private static final List<String> HEAD = List.of(
            "# Estimates that would have suited these calls; paste them below the model's id in providers.yaml.",
            "# They cover the input of " + Used.INPUT_COVERED + " % of calls, and the output of " + Used.OUTPUT_COVERED
                    + " %. Lower ones, and more calls cost",
            "# more than was held for them; higher ones, and more calls are refused close to a limit that would hold them.");

    private record Figures(Model model, Used used, Holds holds) {}

    private record Place(String provider, @Nullable String model) {}

    private final Catalogue catalogue;
    private final Map<Place, Model> places = new LinkedHashMap<>();
    private final Map<String, Figures> figures = new LinkedHashMap<>();
    private long receipts;
    private long withoutUsage;
    private long withoutBytes;
    private long strangers;

    public EstimatesReport(Catalogue catalogue) {
        this.catalogue = catalogue;
        for (var model : catalogue.models()) {
            figures.put(model.id(), new Figures(model, new Used(model), new Holds()));
            for (var target : model.targets()) {
                places.putIfAbsent(new Place(target.provider().id(), target.model()), model);
            }
        }
    }

    /// Every receipt may be added; what tells nothing of estimates is passed over.
    public void add(Receipt receipt) {
        receipts++;
        var intent = receipt.intent();
        var serving = intent.serving();
        if (serving == null || !intent.endpoint().isBilled() || receipt.ending() == Ending.REFUSED) {
            return;
        }
        var usage = receipt.reading().usage();
        var bytes = intent.bodyBytes();
        if (usage == null || receipt.cost().estimated()) {
            withoutUsage++;
        } else if (bytes == null || bytes == 0) {
            withoutBytes++;
        } else {
            var model = model(serving, receipt.cost().pricedAs());
            model.map(Model::id)
                    .map(figures::get)
                    .ifPresentOrElse(
                            it -> {
                                it.used().add(receipt, bytes, usage.prompt(), usage.output());
                                it.holds().add(receipt);
                            },
                            () -> strangers++);
        }
    }

    /// Of a name that is sent and not listed, the price tells whose snapshot it is.
    private Optional<Model> model(Intent.Serving serving, String pricedAs) {
        var sent = serving.model();
        return Optional.ofNullable(places.get(new Place(serving.provider(), sent)))
                .or(() -> Optional.ofNullable(sent).flatMap(catalogue::find))
                .or(() -> catalogue.find(pricedAs));
    }

    /// Empty where not one receipt was added.
    public List<String> lines() {
        if (receipts == 0) {
            return List.of();
        }
        var lines = new ArrayList<>(HEAD);
        figures.values().stream().filter(it -> it.used().moreInput().all() > 0).forEach(it -> tell(it, lines));
        lines.add("");
        lines.add("# passed over: " + withoutUsage + " calls without a known usage, " + withoutBytes
                + " whose receipts do not know the length of the request");
        lines.add("# of models that are not in the catalogue: " + strangers + " calls");
        return lines;
    }

    private static void tell(Figures figures, List<String> lines) {
        var used = figures.used();
        lines.add("");
        lines.add("  # " + figures.model().id() + ": " + used.moreInput().all() + " calls");
        figures.holds().lines().forEach(line -> lines.add("  #   " + line));
        tellPresent(figures.model().estimates(), used, lines);
        if (used.isThin()) {
            lines.add("  #   too few to suggest anything: it takes " + Used.FEWEST);
            return;
        }
        if (writes(figures.model())) {
            tellWhatStays(used, lines);
        }
        lines.add("  - id: " + figures.model().id());
        lines.add("    estimates: " + yaml(used.suggested(), figures.model()));
    }

    /// How the estimates as they are now would have done.
    private static void tellPresent(Estimates present, Used used, List<String> lines) {
        lines.add("  #   more input than " + present.inputPerByte().toPlainString() + " a byte: " + used.moreInput());
        if (used.moreHidden().all() > 0) {
            lines.add("  #   streamed, more hidden output than " + present.hiddenOutput() + ": " + used.moreHidden());
        }
        if (used.moreWhole().all() > 0) {
            lines.add("  #   not streamed, more output than " + (present.wholeOutput() + present.hiddenOutput()) + ": "
                    + used.moreWhole());
        }
    }

    private static void tellWhatStays(Used used, List<String> lines) {
        if (used.fewStreams()) {
            lines.add("  #   fewer than " + Used.FEWEST + " streams: slice and hidden_output stay as they are");
        }
        if (used.fewWhole()) {
            lines.add("  #   fewer than " + Used.FEWEST + " answers in one piece: whole_output stays as it is");
        }
    }

    private static String yaml(Estimates estimates, Model model) {
        var perByte = estimates.inputPerByte().stripTrailingZeros().toPlainString();
        return writes(model)
                ? "{ input_per_byte: " + perByte + ", slice: " + estimates.slice() + ", whole_output: "
                        + estimates.wholeOutput() + ", hidden_output: " + estimates.hiddenOutput() + " }"
                : "{ input_per_byte: " + perByte + " }";
    }

    private static boolean writes(Model model) {
        return model.limits().output() != null;
    }
}
