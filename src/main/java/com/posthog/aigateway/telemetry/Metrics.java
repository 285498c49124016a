package com.posthog.aigateway.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/// Every instrument of the program, and what they show to Prometheus.
///
/// All go through the OpenTelemetry meter, which keeps at most 2000 sets of label values per instrument and counts the
/// rest as `otel_metric_overflow="true"`. A name is given once, without `_total`; asking for it again answers the same
/// instrument.
public final class Metrics implements AutoCloseable {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    /// From the time of a journal's write to the longest of answers.
    private static final List<Double> SECONDS = List.of(
            0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
            60.0, 120.0, 300.0, 600.0);

    private final OnDemandReader reader = new OnDemandReader();
    private final SdkMeterProvider provider =
            SdkMeterProvider.builder().registerMetricReader(reader).build();
    private final Meter meter = provider.get("com.posthog.aigateway");
    private final Map<String, Instrument> instruments = new ConcurrentHashMap<>();

    private Metrics() {}

    /// With those of the process itself.
    public static Metrics create() {
        var metrics = new Metrics();
        ProcessMetrics.show(metrics);
        return metrics;
    }

    public Counter counter(String name, String help, String... labelNames) {
        var labels = register(name, help, Instrument.Kind.COUNTER, labelNames);
        var counter = meter.counterBuilder(name).setDescription(help).build();
        if (labelNames.length == 0) {
            counter.add(0);
        }
        return (n, values) -> counter.add(n, labels.of(values));
    }

    public UpDown upDown(String name, String help, String... labelNames) {
        var labels = register(name, help, Instrument.Kind.GAUGE, labelNames);
        var upDown = meter.upDownCounterBuilder(name).setDescription(help).build();
        if (labelNames.length == 0) {
            upDown.add(0);
        }
        return (n, values) -> upDown.add(n, labels.of(values));
    }

    /// A histogram in seconds; the name ends with `_seconds`.
    public Timer timer(String name, String help, String... labelNames) {
        if (!name.endsWith("_seconds")) {
            throw new IllegalArgumentException("the name of a timer must end with '_seconds': " + name);
        }
        var labels = register(name, help, Instrument.Kind.HISTOGRAM, labelNames);
        var histogram = meter.histogramBuilder(name)
                .setDescription(help)
                .setUnit("s")
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
        return (time, values) -> histogram.record(seconds(time), labels.of(values));
    }

    /// Asks for the value whenever someone looks. It must answer at once, and not throw.
    public void gauge(String name, String help, DoubleSupplier value) {
        gauge(name, help, Map.of(), value);
    }

    /// One of several values of a name, told apart by their labels.
    public void gauge(String name, String help, Map<String, String> labels, DoubleSupplier value) {
        register(
                name,
                help,
                Instrument.Kind.GAUGE,
                labels.keySet().stream().sorted().toArray(String[]::new));
        var attributes = Attributes.builder();
        labels.forEach(attributes::put);
        var fixed = attributes.build();
        var _ = meter.gaugeBuilder(name)
                .setDescription(help)
                .buildWithCallback(gauge -> gauge.record(value.getAsDouble(), fixed));
    }

    /// In the text format 0.0.4, as of now.
    public String prometheus() {
        return PrometheusText.of(instruments.values(), reader.collect());
    }

    private LabelSets register(String name, String help, Instrument.Kind kind, String... labelNames) {
        var instrument = new Instrument(name, help, kind, List.of(labelNames));
        check(instrument);
        var known = instruments.putIfAbsent(name, instrument);
        if (known != null && !known.equals(instrument)) {
            throw new IllegalArgumentException("the metric '" + name + "' exists already as " + known);
        }
        return new LabelSets(instrument);
    }

    private static void check(Instrument instrument) {
        if (!NAME.matcher(instrument.name()).matches() || instrument.name().endsWith("_total")) {
            throw new IllegalArgumentException("the name of a metric must be of a-z, 0-9 and _, and not end with"
                    + " '_total': " + instrument.name());
        }
        for (var label : instrument.labelNames()) {
            if (!NAME.matcher(label).matches()) {
                throw new IllegalArgumentException("the label '" + label + "' of the metric '" + instrument.name()
                        + "' must be of a-z, 0-9 and _");
            }
        }
    }

    private static double seconds(Duration time) {
        return time.getSeconds() + time.getNano() / 1e9;
    }

    @Override
    public void close() {
        provider.close();
    }
}
