package com.posthog.aigateway.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/// All that was measured, in the order it was: the same measure of several contestants, round by round.
final class Samples {

    private record Measured(String measure, String contestant) {}

    private final Map<Measured, List<Double>> values = new LinkedHashMap<>();

    void add(String measure, String contestant, double value) {
        values.computeIfAbsent(new Measured(measure, contestant), key -> new ArrayList<>())
                .add(value);
    }

    Spread of(String measure, String contestant) {
        return Spread.of(list(measure, contestant));
    }

    /// Each round's value over that of another contestant in the same round.
    Spread over(String measure, String contestant, String reference) {
        return paired(measure, contestant, reference, (one, other) -> one / other);
    }

    /// What one contestant adds to another, round by round.
    Spread added(String measure, String contestant, String reference) {
        return paired(measure, contestant, reference, (one, other) -> one - other);
    }

    private Spread paired(String measure, String contestant, String reference, DoubleBinaryOperator of) {
        var mine = list(measure, contestant);
        var theirs = list(measure, reference);
        var paired = new ArrayList<Double>();
        for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
            paired.add(of.applyAsDouble(mine.get(i), theirs.get(i)));
        }
        return Spread.of(paired);
    }

    private List<Double> list(String measure, String contestant) {
        return values.getOrDefault(new Measured(measure, contestant), List.of());
    }

    /// As CSV: measure, contestant, then a value for each round.
    List<String> lines() {
        var lines = new ArrayList<String>();
        values.forEach((measured, each) -> lines.add(measured.measure() + "," + measured.contestant() + ","
                + String.join(",", each.stream().map(Spread::number).toList())));
        return lines;
    }
}
