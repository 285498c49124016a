package com.posthog.aigateway.provider.fit;

import com.posthog.aigateway.config.BadConfiguration;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.Faults;
import com.posthog.aigateway.config.YamlFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What may be said where, of one dialect: read from a file of the jar, and checked, at the start.
///
/// @param endpoints by their names in [com.posthog.aigateway.call.Endpoint]; one that is not here has no fallback
/// @param query names of parameters that change nothing
/// @param sizes the largest bodies; the smallest that holds counts
/// @param headers by name in lower case; `*` ends the beginning of one. What is not here passes.
/// @param kinds of objects that their `type` tells apart, by form; `absent` has none
/// @param forms of objects: all members that are known, by form
record Table(
        Map<String, Row> endpoints,
        Set<String> query,
        List<Size> sizes,
        Map<String, HeaderRow> headers,
        Map<String, Map<String, Row>> kinds,
        Map<String, Map<String, Row>> forms) {

    /// @param most in bytes
    record Size(long most, List<Where> at) {
        Size {
            at = List.copyOf(at);
        }
    }

    /// What the table says of one header field.
    ///
    /// @param otherwise what is said where the caller says nothing; null: nothing
    /// @param words true for a list of words between commas, each of which is judged by itself
    /// @param into the member of the body that says it there
    record HeaderRow(
            @Nullable String otherwise,
            boolean words,
            Row.@Nullable Change into,
            @Nullable Row row) {}

    Table {
        endpoints = Map.copyOf(endpoints);
        query = Set.copyOf(query);
        sizes = List.copyOf(sizes);
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        kinds = Map.copyOf(kinds);
        forms = Map.copyOf(forms);
        var wrong = wrong(endpoints, headers, kinds, forms);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
    }

    /// BadConfiguration: the file has a fault.
    static Table read(String resource) {
        var faults = new Faults();
        var table = new YamlFile(new Environment(Map.of()), faults).readResource(resource, Table.class);
        faults.throwIfAny();
        if (table == null) {
            throw new BadConfiguration(List.of(resource + ": the table is empty"));
        }
        return table;
    }

    private static List<String> wrong(
            Map<String, Row> endpoints,
            Map<String, HeaderRow> headers,
            Map<String, Map<String, Row>> kinds,
            Map<String, Map<String, Row>> forms) {
        var named = new HashSet<String>();
        rows(endpoints, headers, kinds, forms).forEach(row -> {
            if (row.is() != null) {
                named.add(row.is());
            }
        });
        var known = new HashSet<>(kinds.keySet());
        var wrong = new ArrayList<String>();
        for (var form : forms.keySet()) {
            if (!known.add(form)) {
                wrong.add("'" + form + "' is both a form and a set of kinds");
            }
        }
        named.stream().filter(form -> !known.contains(form)).forEach(form -> wrong.add("no form is '" + form + "'"));
        known.stream().filter(form -> !named.contains(form)).forEach(form -> wrong.add("nothing is '" + form + "'"));
        return wrong;
    }

    private static Stream<Row> rows(
            Map<String, Row> endpoints,
            Map<String, HeaderRow> headers,
            Map<String, Map<String, Row>> kinds,
            Map<String, Map<String, Row>> forms) {
        return Stream.of(
                        endpoints.values().stream(),
                        headers.values().stream().map(HeaderRow::row).flatMap(Stream::ofNullable),
                        kinds.values().stream().map(Map::values).flatMap(Collection::stream),
                        forms.values().stream().map(Map::values).flatMap(Collection::stream))
                .flatMap(rows -> rows)
                .flatMap(Table::withValues);
    }

    private static Stream<Row> withValues(Row row) {
        return Stream.concat(Stream.of(row), row.values().values().stream().flatMap(Table::withValues));
    }

    Optional<HeaderRow> header(String name) {
        return Row.named(headers, name);
    }

    /// Empty where no size is too large.
    Optional<Long> most(Place place) {
        return sizes.stream()
                .filter(size -> Where.anyHolds(size.at(), place))
                .map(Size::most)
                .min(Long::compare);
    }
}
