package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.catalogue.CatalogueFile.LineRow;
import com.posthog.aigateway.catalogue.CatalogueFile.ModelRow;
import com.posthog.aigateway.config.Faults;
import com.posthog.aigateway.config.GatewaySettings.Ceiling;
import com.posthog.aigateway.config.YamlFile;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All that we sell: finds a model by its name, and the price of an answer.
public final class Catalogue {

    private static final String SAMPLE = "providers.yaml";

    private record Offer(Model model, List<Tariff> newestFirst) {

        Optional<Tariff> on(LocalDate day) {
            return newestFirst.stream()
                    .filter(tariff -> !tariff.from().isAfter(day))
                    .findFirst();
        }
    }

    private record Place(String provider, String model) {}

    private final Map<String, Provider> providers = new LinkedHashMap<>();
    private final Map<String, Offer> byId = new LinkedHashMap<>();
    private final Map<String, Offer> byAlias = new HashMap<>();
    private final Map<Place, Offer> byPlace = new HashMap<>();
    private final Map<String, Set<Offer>> bySnapshotOf = new HashMap<>();
    private final List<Line> lines = new ArrayList<>();
    private final Ceiling ceiling;

    private Catalogue(Ceiling ceiling) {
        this.ceiling = ceiling;
    }

    /// The catalogue of a file, or null when a fault in it was collected.
    ///
    /// @param ceiling what a model without a price is held to cost
    public static @Nullable Catalogue read(YamlFile yaml, Path file, Faults faults, Ceiling ceiling) {
        return of(yaml.read(file, CatalogueFile.class), file.toString(), faults, ceiling);
    }

    /// The jar's own catalogue.
    public static @Nullable Catalogue readSample(YamlFile yaml, Faults faults, Ceiling ceiling) {
        return of(yaml.readSample(SAMPLE, CatalogueFile.class), SAMPLE, faults, ceiling);
    }

    private static @Nullable Catalogue of(@Nullable CatalogueFile rows, String file, Faults faults, Ceiling ceiling) {
        if (rows == null) {
            return null;
        }
        int before = faults.count();
        var catalogue = new Catalogue(ceiling);
        rows.providers().forEach((id, row) -> catalogue.providers.put(id, row.provider(id)));
        for (var row : rows.models()) {
            catalogue.add(row, file, faults);
        }
        for (var row : rows.models()) {
            catalogue.addAliases(row, file, faults);
        }
        var names = new HashSet<String>();
        for (var row : rows.lines()) {
            catalogue.addLine(row, names, file, faults);
        }
        return faults.count() > before ? null : catalogue;
    }

    private void add(ModelRow row, String file, Faults faults) {
        var targets = targets(row, file, faults);
        var model = new Model(
                row.id(),
                row.status(),
                row.shapes(),
                row.aliases(),
                row.reasons(),
                row.preamble(),
                row.limits(),
                row.estimatesOrUsual(),
                row.longContextBeta(),
                row.since(),
                row.retires(),
                targets);
        var tariffs = row.prices().stream()
                .map(CatalogueFile.PriceRow::tariff)
                .sorted(Comparator.comparing(Tariff::from).reversed())
                .toList();
        var offer = new Offer(model, tariffs);
        byId.put(row.id(), offer);
        Stream.concat(Stream.of(row.id()), row.aliases().stream())
                .flatMap(name -> Snapshot.of(name).stream())
                .forEach(snapshot -> bySnapshotOf
                        .computeIfAbsent(snapshot.base(), _ -> new HashSet<>())
                        .add(offer));
        for (var target : targets) {
            byPlace.putIfAbsent(new Place(target.provider().id(), target.model()), offer);
        }
    }

    private List<Target> targets(ModelRow row, String file, Faults faults) {
        var targets = new ArrayList<Target>();
        for (var target : row.targets()) {
            var provider = providers.get(target.provider());
            if (provider == null) {
                faults.add(
                        file,
                        "model '" + row.id() + "' names the unknown provider '" + target.provider() + "'; known are "
                                + String.join(", ", providers.keySet()));
            } else if (provider.family() != row.family()) {
                faults.add(
                        file,
                        "model '" + row.id() + "' has shapes " + row.shapes() + ", which provider '" + provider.id()
                                + "' does not speak");
            } else {
                var times =
                        target.price() == null ? BigDecimal.ONE : target.price().times();
                targets.add(
                        new Target(provider, target.model(), times, Boolean.TRUE.equals(target.repeatsAfterTimeout())));
            }
        }
        return targets;
    }

    private void addAliases(ModelRow row, String file, Faults faults) {
        var offer = byId.get(row.id());
        for (var alias : row.aliases()) {
            if (byId.containsKey(alias)) {
                faults.add(file, "the alias '" + alias + "' of model '" + row.id() + "' is the id of a model; drop it");
                continue;
            }
            var other = offer == null ? null : byAlias.putIfAbsent(alias, offer);
            if (other != null) {
                faults.add(
                        file,
                        "the alias '" + alias + "' of model '" + row.id() + "' is also one of model '"
                                + other.model().id() + "'; aliases must differ");
            }
        }
    }

    private void addLine(LineRow row, Set<String> taken, String file, Faults faults) {
        var line = "the line " + row.names();
        for (var name : row.names()) {
            if (named(name).isPresent() || !taken.add(name)) {
                faults.add(file, line + " has the name '" + name + "', which is taken; drop it");
            }
        }
        var models = new ArrayList<Model>();
        for (var id : row.models()) {
            var offer = byId.get(id);
            if (offer == null) {
                faults.add(file, line + " names the model '" + id + "', which is not the id of one");
            } else {
                models.add(offer.model());
            }
        }
        var families = models.stream().map(Model::family).collect(Collectors.toSet());
        if (families.size() > 1) {
            faults.add(file, line + " has models of two families: " + row.models());
        }
        lines.add(new Line(row.names(), models));
    }

    /// The model of exactly this id, else of exactly this alias.
    public Optional<Model> find(String name) {
        return named(name).map(Offer::model);
    }

    public List<Model> models() {
        return byId.values().stream().map(Offer::model).toList();
    }

    public List<Line> lines() {
        return List.copyOf(lines);
    }

    public List<Provider> providers() {
        return List.copyOf(providers.values());
    }

    /// Who serves a model of that family that we do not know: the first in the file.
    public Optional<Provider> primary(Family family) {
        return providers.values().stream()
                .filter(provider -> provider.family() == family)
                .findFirst();
    }

    /// The price of an answer: that of the model it names, else of the one that was asked for, else the ceiling.
    ///
    /// @param target that served; null for a model that was passed on unchanged
    /// @param at when the call came
    public Price price(@Nullable String returned, @Nullable String sent, @Nullable Target target, Instant at) {
        return priced(returned, target, at)
                .or(() -> priced(sent, target, at))
                .orElseGet(() -> Price.ceiling(ceiling, step -> price(step, null, target, at)));
    }

    /// The most that a token of a call can cost on any target of its route, whatever tier, speed and place the answer
    /// names within the latitude, and whichever of the model's own names; empty where a price is not known.
    ///
    /// @param prompt the largest that is possible, in tokens
    /// @param at when the call came
    public Optional<Dearest> dearest(Route route, long prompt, Latitude latitude, Instant at) {
        var model = route.model();
        if (model == null) {
            return Optional.empty();
        }
        var dearest = Dearest.NOTHING;
        for (var target : route.targets()) {
            var sent = offer(target.model(), target).flatMap(offer -> offer.on(day(at)));
            if (sent.isEmpty()) {
                return Optional.empty();
            }
            dearest = dearest.or(sent.get().dearest(prompt, latitude).times(target.priceTimes()));
            for (var offer : kin(model)) {
                var other = offer.on(day(at)).map(tariff -> tariff.dearest(prompt, latitude));
                dearest = dearest.or(other.orElse(Dearest.NOTHING).times(target.priceTimes()));
            }
        }
        return Optional.of(dearest);
    }

    /// Whose price an answer of this model may get beside that of the name that is sent: its own, and those of its
    /// snapshots, which may be models of their own.
    private Set<Offer> kin(Model model) {
        var kin = new HashSet<Offer>();
        Optional.ofNullable(byId.get(model.id())).ifPresent(kin::add);
        kin.addAll(bySnapshotOf.getOrDefault(model.id(), Set.of()));
        model.aliases().forEach(alias -> kin.addAll(bySnapshotOf.getOrDefault(alias, Set.of())));
        return kin;
    }

    /// What the price list says of a model, or of one that it does not know, on that day.
    public ListPrice listPrice(@Nullable Model model, Instant at) {
        return Optional.ofNullable(model)
                .map(known -> byId.get(known.id()))
                .flatMap(offer -> offer.on(day(at))
                        .map(tariff -> tariff.listed(offer.model().id())))
                .orElseGet(() -> new ListPrice(Price.CEILING, null, ceiling.input(), ceiling.output()));
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    private Optional<Price> priced(@Nullable String name, @Nullable Target target, Instant at) {
        if (name == null) {
            return Optional.empty();
        }
        var day = day(at);
        var times = target == null ? BigDecimal.ONE : target.priceTimes();
        return offer(name, target)
                .flatMap(offer -> offer.on(day)
                        .map(tariff ->
                                Price.of(offer.model().id(), tariff, times, step -> price(step, null, target, at))));
    }

    private Optional<Offer> offer(String name, @Nullable Target target) {
        return named(name, target).or(() -> Snapshot.of(name).flatMap(snapshot -> named(snapshot.base(), target)));
    }

    private Optional<Offer> named(String name, @Nullable Target target) {
        return named(name)
                .or(() -> target == null
                        ? Optional.empty()
                        : Optional.ofNullable(
                                byPlace.get(new Place(target.provider().id(), name))));
    }

    private Optional<Offer> named(String name) {
        return Optional.ofNullable(byId.get(name)).or(() -> Optional.ofNullable(byAlias.get(name)));
    }
}
