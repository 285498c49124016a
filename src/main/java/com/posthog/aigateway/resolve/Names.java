package com.posthog.aigateway.resolve;

import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Line;
import com.posthog.aigateway.catalogue.Model;
import com.posthog.aigateway.catalogue.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All names of all models, and what a client's spelling of one means. Always a whole name; never a part of one.
final class Names {

    /// @param name an id or an alias, as the catalogue writes it
    private record Known(Model model, String name) {}

    private static final String LATEST = "-latest";

    private final Catalogue catalogue;
    private final Map<String, Known> small;
    private final Map<String, Known> dashed;
    private final Map<String, Known> newestByBase = new HashMap<>();
    private final Map<String, Line> lines = new HashMap<>();

    Names(Catalogue catalogue) {
        this.catalogue = catalogue;
        this.small = index(catalogue, Names::small);
        this.dashed = index(catalogue, Names::dashed);
        dashed.forEach((name, known) ->
                Snapshot.of(name).ifPresent(snapshot -> newestByBase.merge(snapshot.base(), known, Names::newer)));
        for (var line : catalogue.lines()) {
            line.names().forEach(name -> lines.put(dashed(name), line));
        }
    }

    private static String small(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String dashed(String name) {
        return Spelling.dashed(small(name));
    }

    /// A form that two models share is nobody's.
    private static Map<String, Known> index(Catalogue catalogue, UnaryOperator<String> form) {
        var index = new HashMap<String, Known>();
        var shared = new HashSet<String>();
        for (var model : catalogue.models()) {
            Stream.concat(Stream.of(model.id()), model.aliases().stream()).forEach(name -> {
                var other = index.putIfAbsent(form.apply(name), new Known(model, name));
                if (other != null && !other.model().equals(model)) {
                    shared.add(form.apply(name));
                }
            });
        }
        index.keySet().removeAll(shared);
        return index;
    }

    private static Known newer(Known one, Known other) {
        return day(one.name()).compareTo(day(other.name())) >= 0 ? one : other;
    }

    private static String day(String name) {
        return Snapshot.of(name).map(Snapshot::day).orElse("").replace("-", "");
    }

    /// Empty: no step makes a name of it that the catalogue knows.
    Optional<Meaning> meaning(String written) {
        var exact = catalogue.find(written);
        return exact.isPresent()
                ? exact.map(model -> new Meaning(model, written, false, false))
                : Optional.ofNullable(trials(written).getLast().meaning());
    }

    /// The steps up to the first that finds a model, at least one.
    List<Trial> trials(String written) {
        var trials = new ArrayList<Trial>();
        boolean plain = Spelling.isPlain(written);
        var spelling = Spelling.of(written);
        for (var step : Step.values()) {
            spelling = step.clean(spelling);
            var meaning = meaning(step, spelling);
            trials.add(new Trial(step, spelling.name(), meaning));
            if (meaning != null || !plain) {
                return trials;
            }
        }
        return trials;
    }

    private @Nullable Meaning meaning(Step step, Spelling spelling) {
        return switch (step) {
            case EXACT ->
                catalogue
                        .find(spelling.name())
                        .map(model -> new Meaning(model, spelling.name(), false, false))
                        .orElse(null);
            case DECORATION, WRAPPER -> meaning(small.get(spelling.name()), spelling);
            case PUNCTUATION -> meaning(dashed.get(spelling.name()), spelling);
            case LINE -> inItsLine(spelling);
        };
    }

    private static @Nullable Meaning meaning(@Nullable Known known, Spelling spelling) {
        return known == null ? null : new Meaning(known.model(), known.name(), false, spelling.longContext());
    }

    private @Nullable Meaning inItsLine(Spelling spelling) {
        var name = spelling.name();
        var bare = name.endsWith(LATEST) ? name.substring(0, name.length() - LATEST.length()) : name;
        var line = lines.get(bare);
        if (line != null) {
            return meaning(
                    line.newest().map(model -> new Known(model, model.id())).orElse(null), spelling);
        }
        var known = dashed.getOrDefault(bare, newestByBase.get(bare));
        return known != null
                ? meaning(known, spelling)
                : Snapshot.of(name)
                        .map(snapshot -> ofUnknownDay(snapshot, spelling))
                        .orElse(null);
    }

    /// Vertex dates every name, also of models that have one snapshot only; there the base is what is meant.
    private @Nullable Meaning ofUnknownDay(Snapshot snapshot, Spelling spelling) {
        var base = dashed.get(snapshot.base());
        if (base == null || spelling.vertexDay()) {
            return meaning(base, spelling);
        }
        return new Meaning(base.model(), base.name() + "-" + snapshot.day(), true, spelling.longContext());
    }
}
