package com.posthog.aigateway.provider.fit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.provider.RequestHeaders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says a caller's header fields in a place's own words; some of them the body says there.
final class HeaderFit {

    private static final String BETA = "anthropic-beta";

    private final Table table;
    private final Place place;
    private final Findings findings;

    HeaderFit(Table table, Place place, Findings findings) {
        this.table = table;
        this.place = place;
        this.findings = findings;
    }

    /// @param beta that the model's name asks for; null: none
    /// @param body as it is said there already; it gets what headers cannot say there
    Headers headers(Headers caller, @Nullable String beta, ObjectNode body) {
        if (beta != null) {
            findings.beta(beta);
        }
        var fields = new ArrayList<Headers.Field>();
        var done = new HashSet<String>();
        for (var field : RequestHeaders.kept(caller)) {
            var name = field.name().toLowerCase(Locale.ROOT);
            var row = table.header(name).orElse(null);
            if (row == null) {
                fields.add(field);
            } else if (done.add(name)) {
                said(row, name, caller.all(name)).ifPresent(said -> place(row, field.name(), said, fields, body));
            }
        }
        table.headers().forEach((name, row) -> {
            if (done.add(name)) {
                said(row, name, otherwise(row)).ifPresent(said -> place(row, name, said, fields, body));
            }
        });
        return new Headers(fields);
    }

    private static List<String> otherwise(Table.HeaderRow row) {
        return row.otherwise() == null ? List.of() : List.of(row.otherwise());
    }

    private void place(
            Table.HeaderRow row, String name, List<String> said, List<Headers.Field> fields, ObjectNode body) {
        var into = row.into();
        if (into == null || !into.holds(place)) {
            fields.add(new Headers.Field(name, String.join(",", said)));
        } else if (!body.has(into.to()) && row.words()) {
            var words = body.putArray(into.to());
            said.forEach(words::add);
        } else if (!body.has(into.to())) {
            body.put(into.to(), String.join(",", said));
        }
    }

    /// What stands there; empty where nothing does.
    private Optional<List<String>> said(Table.HeaderRow header, String name, List<String> values) {
        var words = new LinkedHashSet<String>(values);
        if (header.words()) {
            words.clear();
            values.forEach(value -> Arrays.stream(value.split(",", -1))
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .forEach(words::add));
        }
        if (name.equals(BETA)) {
            words.addAll(findings.betas());
        }
        var row = header.row();
        var said = new LinkedHashSet<String>();
        for (var word : words) {
            (row == null ? Optional.of(word) : judged(row, name, word)).ifPresent(said::add);
        }
        return said.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(said));
    }

    private Optional<String> judged(Row row, String name, String word) {
        var verdict = verdict(row, name, word, "header " + name);
        if (verdict.isEmpty() || row.values().isEmpty()) {
            return verdict;
        }
        var listed = row.values().containsKey(word);
        return row.value(word)
                .map(value -> verdict(value, name, verdict.get(), "header " + name + (listed ? ": " + word : "")))
                .orElseGet(() -> {
                    findings.unknown("header " + name, "a value", "");
                    return Optional.empty();
                });
    }

    private Optional<String> verdict(Row row, String name, String word, String what) {
        findings.feature(row.feature());
        if (row.unfit(place)) {
            findings.unfit(
                    "header '" + name + "': " + (row.why() == null ? place.kind() + " does not take it" : row.why()));
        }
        if (row.strips(place)) {
            findings.stripped(what);
            return Optional.empty();
        }
        var rename = row.rename();
        return Optional.of(rename != null && rename.holds(place) ? rename.to() : word);
    }
}
