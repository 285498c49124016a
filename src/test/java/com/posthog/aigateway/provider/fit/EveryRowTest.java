package com.posthog.aigateway.provider.fit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.provider.Fit;
import com.posthog.aigateway.testing.Fallback;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each row of the tables does what it says: for every member, kind and value that can be reached, a body that has it
/// and
/// nothing else is said to every kind of target, for models of several generations.
class EveryRowTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String SOMETHING = "something";
    private static final List<String> MODELS =
            List.of("claude-opus-4-1", "claude-sonnet-4-5", "claude-opus-4-6", "claude-opus-4-7", "claude-haiku-5-5");

    /// A body with one thing in it.
    ///
    /// @param way the rows that lead to it, the row of the endpoint first
    record Witness(Endpoint endpoint, JsonNode body, List<Row> way, String path) {
        @Override
        public String toString() {
            return endpoint + " " + path;
        }
    }

    private static final class Witnesses {

        private final Table table;
        private final Endpoint endpoint;
        private final List<Witness> all = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();

        Witnesses(Table table, Endpoint endpoint) {
            this.table = table;
            this.endpoint = endpoint;
        }

        /// Puts a value into the body that has led here.
        private interface Around {
            JsonNode with(JsonNode value);
        }

        void of(Row row, Around around, List<Row> way, String path) {
            var along = Stream.concat(way.stream(), Stream.of(row)).toList();
            if (row.is() != null && table.forms().containsKey(row.is())) {
                form(row.is(), Map.of(), around, along, path);
            } else if (row.is() != null) {
                kinds(row.is(), around, along, path);
            } else if (row.values().isEmpty()) {
                all.add(new Witness(endpoint, around.with(NODES.booleanNode(true)), along, path));
            }
            row.values().forEach((pattern, value) -> {
                var word = pattern.replace("*", SOMETHING);
                var text = NODES.textNode(word);
                all.add(new Witness(
                        endpoint,
                        around.with(text),
                        Stream.concat(along.stream(), Stream.of(value)).toList(),
                        path + "=" + word));
            });
        }

        private void form(String form, Map<String, JsonNode> typed, Around around, List<Row> way, String path) {
            // Forms lie in each other: each is looked at once.
            if (seen.add(form)) {
                table.forms().getOrDefault(form, Map.of()).forEach((name, row) -> {
                    Around inside = value -> {
                        var object = NODES.objectNode();
                        typed.forEach(object::set);
                        return around.with(object.set(name, value));
                    };
                    of(row, inside, way, path + "." + name);
                });
            }
        }

        private void kinds(String kinds, Around around, List<Row> way, String path) {
            if (!seen.add(kinds)) {
                return;
            }
            table.kinds().getOrDefault(kinds, Map.of()).forEach((pattern, row) -> {
                var type = pattern.replace("*", SOMETHING);
                Map<String, JsonNode> typed =
                        pattern.equals("absent") ? Map.of() : Map.of("type", NODES.textNode(type));
                var along = Stream.concat(way.stream(), Stream.of(row)).toList();
                var object = NODES.objectNode();
                typed.forEach(object::set);
                object.setAll(typed);
                if (!object.isEmpty()) {
                    all.add(new Witness(endpoint, around.with(object), along, path + "(" + type + ")"));
                }
                if (row.is() != null) {
                    form(row.is(), typed, around, along, path + "(" + type + ")");
                }
            });
        }
    }

    static List<Witness> witnesses() {
        var all = new ArrayList<Witness>();
        for (var file : List.of("fit/anthropic.yaml", "fit/openai.yaml")) {
            var table = Table.read(file);
            table.endpoints().forEach((name, row) -> {
                var witnesses = new Witnesses(table, Endpoint.valueOf(name));
                witnesses.of(row, value -> value, List.of(), "");
                all.addAll(witnesses.all);
            });
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("witnesses")
    void doesWhatItSays(Witness witness) throws IOException {
        for (var kind : TargetKind.values()) {
            for (var model : MODELS) {
                if (kind.family() == witness.endpoint().shape().family()) {
                    check(witness, new Place(kind, Generation.of(model), false), model);
                }
            }
        }
    }

    private static void check(Witness witness, Place place, String model) throws IOException {
        var fit = new Fallback(place.kind(), model)
                .fit(witness.endpoint(), Headers.NONE, witness.body().toString());

        var way = witness.way();
        int last = way.size() - 1;
        boolean unsaid = way.stream().anyMatch(row -> row.isSaidElsewhere(place));
        var features =
                way.stream().flatMap(row -> Stream.ofNullable(row.feature())).toList();
        if (way.stream().anyMatch(row -> row.unfit(place))) {
            assertThat(fit).as("%s at %s", witness, place).isInstanceOf(Fit.Unfit.class);
        } else {
            assertThat(fit).as("%s at %s", witness, place).isInstanceOf(Fit.As.class);
            var said = JSON.readTree(new String(((Fit.As) fit).body(), UTF_8));
            boolean strips = way.stream().anyMatch(row -> row.strips(place));
            boolean moved = unsaid || way.stream().anyMatch(row -> holds(row.beta(), place));
            boolean renamed = way.stream().anyMatch(row -> holds(row.rename(), place));
            assertThat(((Fit.As) fit).stripped().isEmpty())
                    .as("%s at %s", witness, place)
                    .isEqualTo(!strips);
            var own = JSON.readTree(witness.body().toString());
            var first = own.fieldNames().next();
            if (strips || moved) {
                assertThat(said).as("%s at %s", witness, place).isNotEqualTo(own);
            } else if (first.equals("model")) {
                assertThat(said.path(first).asText()).isEqualTo(Fallback.NAMED_THERE);
            } else {
                assertThat(said.path(first).equals(own.path(first)))
                        .as("%s at %s: %s", witness, place, said)
                        .isEqualTo(!renamed);
            }
        }
        if (!unsaid
                && !holds(way.get(last).beta(), place)
                && way.size() > 1
                && !way.getFirst().unfit(place)) {
            assertThat(fit.features()).as("%s at %s", witness, place).isEqualTo(Set.copyOf(features));
        }
    }

    private static boolean holds(Row.@Nullable Change change, Place place) {
        return change != null && change.holds(place);
    }
}
