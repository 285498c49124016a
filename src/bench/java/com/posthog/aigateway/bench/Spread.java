package com.posthog.aigateway.bench;

import java.util.List;
import java.util.Locale;

/// Several measurements of one thing.
record Spread(double median, double least, double most) {

    static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        }
        var sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast());
    }

    boolean isKnown() {
        return !Double.isNaN(median);
    }

    /// Such as `2.31 (2.20-2.44)`.
    String text() {
        return isKnown() ? number(median) + " (" + number(least) + "-" + number(most) + ")" : "-";
    }

    static String number(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value)) {
            return "-";
        }
        return String.format(
                Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f", value);
    }
}
