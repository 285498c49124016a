package com.posthog.aigateway.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Writes what was collected in Prometheus' text format 0.0.4.
final class PrometheusText {

    private static final double EXACT_AS_LONG = 1L << 53;

    private final StringBuilder text = new StringBuilder(16_384);

    private PrometheusText() {}

    /// An instrument that has measured nothing yet is named all the same.
    static String of(Collection<Instrument> instruments, Collection<MetricData> collected) {
        var byName = collected.stream().collect(Collectors.toMap(MetricData::getName, Function.identity()));
        var page = new PrometheusText();
        instruments.stream()
                .sorted(Comparator.comparing(Instrument::name))
                .forEach(instrument -> page.instrument(instrument, byName));
        return page.text.toString();
    }

    private void instrument(Instrument instrument, Map<String, MetricData> collected) {
        var name = instrument.shownName();
        text.append("# HELP ").append(name).append(' ');
        escape(instrument.help(), false);
        text.append("\n# TYPE ")
                .append(name)
                .append(' ')
                .append(instrument.kind().word())
                .append('\n');
        var metric = collected.get(instrument.name());
        if (metric != null) {
            metric.getData().getPoints().forEach(point -> point(name, point));
        }
    }

    private void point(String name, PointData point) {
        switch (point) {
            case LongPointData number -> sample(name, "", point.getAttributes(), "", Long.toString(number.getValue()));
            case DoublePointData number -> sample(name, "", point.getAttributes(), "", shown(number.getValue()));
            case HistogramPointData histogram -> histogram(name, histogram);
            default -> throw new IllegalStateException("no instrument of ours makes a " + point.getClass());
        }
    }

    private void histogram(String name, HistogramPointData histogram) {
        var labels = histogram.getAttributes();
        long upTo = 0;
        for (int i = 0; i < histogram.getCounts().size(); i++) {
            upTo += histogram.getCounts().get(i);
            boolean last = i == histogram.getBoundaries().size();
            var bound = last ? "+Inf" : shown(histogram.getBoundaries().get(i));
            sample(name, "_bucket", labels, bound, Long.toString(upTo));
        }
        sample(name, "_sum", labels, "", shown(histogram.getSum()));
        sample(name, "_count", labels, "", Long.toString(histogram.getCount()));
    }

    /// Writes one line; `bound` is a bucket's upper end, or empty.
    private void sample(String name, String suffix, Attributes labels, String bound, String value) {
        text.append(name).append(suffix);
        if (!labels.isEmpty() || !bound.isEmpty()) {
            text.append('{');
            labels.forEach((key, label) -> label(key.getKey(), String.valueOf(label)));
            if (!bound.isEmpty()) {
                label("le", bound);
            }
            text.setLength(text.length() - 1);
            text.append('}');
        }
        text.append(' ').append(value).append('\n');
    }

    private void label(String name, String value) {
        text.append(name.replace('.', '_')).append("=\"");
        escape(value, true);
        text.append("\",");
    }

    private void escape(String value, boolean quoted) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\\' -> text.append("\\\\");
                case '"' -> text.append(quoted ? "\\\"" : "\"");
                default -> text.append(c);
            }
        }
    }

    private static String shown(double value) {
        if (value == Double.POSITIVE_INFINITY) {
            return "+Inf";
        }
        if (value == Double.NEGATIVE_INFINITY) {
            return "-Inf";
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) < EXACT_AS_LONG;
        return whole ? Long.toString((long) value) : Double.toString(value);
    }
}
