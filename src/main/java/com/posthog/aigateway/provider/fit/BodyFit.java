package com.posthog.aigateway.provider.fit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/// Says a body in a place's own words: only what the table names is left out or renamed, and what the table does not
/// know
/// makes the call unfit.
final class BodyFit {

    private static final String TYPE = "type";
    private static final String NO_TYPE = "absent";

    private final Table table;
    private final Place place;
    private final Findings findings;

    BodyFit(Table table, Place place, Findings findings) {
        this.table = table;
        this.place = place;
        this.findings = findings;
    }

    ObjectNode body(Row endpoint, ObjectNode body) {
        return endpoint.is() == null ? body : members(form(endpoint.is()), body, "", false);
    }

    private Map<String, Row> form(String name) {
        return table.forms().getOrDefault(name, Map.of());
    }

    /// @param typed true where the object's type has been judged already
    private ObjectNode members(Map<String, Row> form, ObjectNode object, String path, boolean typed) {
        var fitted = Tree.NODES.objectNode();
        for (var member : object.properties()) {
            var name = member.getKey();
            var row = form.get(name);
            if (row == null && typed && name.equals(TYPE)) {
                fitted.set(name, member.getValue());
            } else if (row == null) {
                findings.unknown(path.isEmpty() ? "body" : path, "a member", name);
            } else {
                var there = path.isEmpty() ? name : path + "." + name;
                judged(row, member.getValue(), there).ifPresent(value -> fitted.set(name(row, name), value));
            }
        }
        return fitted;
    }

    private String name(Row row, String name) {
        var rename = row.rename();
        return rename != null && rename.holds(place) ? rename.to() : name;
    }

    /// What stands there of a value, if anything.
    private Optional<JsonNode> judged(Row row, JsonNode value, String path) {
        if (row.isSaidElsewhere(place)) {
            return Optional.empty();
        }
        if (asksNothing(value)) {
            return row.unfit(place) || row.strips(place) ? Optional.empty() : Optional.of(value);
        }
        var beta = row.beta();
        if (beta != null && beta.holds(place)) {
            if (value.asBoolean()) {
                findings.beta(beta.to());
            }
            return Optional.empty();
        }
        findings.feature(row.feature());
        if (row.unfit(place)) {
            findings.unfit(why(row, path));
        }
        var inner = inside(row, value, path);
        if (row.strips(place)) {
            findings.stripped(path);
            return Optional.empty();
        }
        // Of what was left out nothing may stay behind: an empty list could mean something else.
        return inner.filter(left -> !asksNothing(left));
    }

    private static boolean asksNothing(JsonNode value) {
        return value.isNull() || (value.isContainerNode() && value.isEmpty());
    }

    private String why(Row row, String path) {
        return "'" + path + "': " + (row.why() == null ? place.kind() + " does not take it" : row.why());
    }

    private Optional<JsonNode> inside(Row row, JsonNode value, String path) {
        return switch (value) {
            case ArrayNode array -> {
                var fitted = Tree.NODES.arrayNode();
                array.forEach(item ->
                        (asksNothing(item) ? Optional.of(item) : inside(row, item, path)).ifPresent(fitted::add));
                yield Optional.of(fitted);
            }
            case ObjectNode object -> object(row, object, path);
            default -> row.values().isEmpty() ? Optional.of(value) : scalar(row, value, path);
        };
    }

    private Optional<JsonNode> object(Row row, ObjectNode object, String path) {
        if (row.is() == null) {
            if (!row.values().isEmpty()) {
                findings.unknown(path, "an object", "");
            }
            return Optional.of(object);
        }
        var kinds = table.kinds().get(row.is());
        return kinds == null ? Optional.of(members(form(row.is()), object, path, false)) : kind(kinds, object, path);
    }

    private Optional<JsonNode> kind(Map<String, Row> kinds, ObjectNode object, String path) {
        var type = object.path(TYPE);
        var name = type.isTextual() ? type.textValue() : type.isMissingNode() || type.isNull() ? NO_TYPE : "";
        var row = Row.named(kinds, name).orElse(null);
        if (row == null) {
            findings.unknown(path, "a type", name);
            return Optional.of(object);
        }
        var there = path + "(" + name + ")";
        var known = row.is() == null ? object : members(form(row.is()), object, there, true);
        return verdict(row, there).map(_ -> renamed(row, known));
    }

    private ObjectNode renamed(Row row, ObjectNode object) {
        var rename = row.rename();
        return rename == null || !rename.holds(place) ? object : object.put(TYPE, rename.to());
    }

    private Optional<JsonNode> scalar(Row row, JsonNode value, String path) {
        var found = row.value(value.isPojo() ? "" : value.asText()).orElse(null);
        if (found == null) {
            findings.unknown(path, "a value", "");
            return Optional.of(value);
        }
        var rename = found.rename();
        JsonNode said = rename != null && rename.holds(place) ? Tree.NODES.textNode(rename.to()) : value;
        return verdict(found, path).map(_ -> said);
    }

    /// Empty where it is left out.
    private Optional<Row> verdict(Row row, String path) {
        findings.feature(row.feature());
        if (row.unfit(place)) {
            findings.unfit(why(row, path));
        }
        if (row.strips(place)) {
            findings.stripped(path);
            return Optional.empty();
        }
        return Optional.of(row);
    }
}
