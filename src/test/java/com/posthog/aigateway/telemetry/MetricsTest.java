package com.posthog.aigateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private final Metrics metrics = Metrics.create();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void countsByLabels() {
        var calls = metrics.counter("calls", "Calls by ending.", "endpoint", "ending");

        calls.add(1, "messages", "complete");
        calls.add(2, "messages", "complete");
        calls.add(5, "responses", "cut");

        assertThat(shown("calls"))
                .startsWith("# HELP calls_total Calls by ending.", "# TYPE calls_total counter")
                .containsOnlyOnce(
                        "calls_total{ending=\"complete\",endpoint=\"messages\"} 3",
                        "calls_total{ending=\"cut\",endpoint=\"responses\"} 5")
                .hasSize(4);
    }

    @Test
    void escapesWhatLabelsAndHelpHold() {
        var odd = metrics.counter("odd", "A \"quoted\" \\ help\nin two lines.", "word");

        odd.add(1, "a\"b\\c\nd} 7");

        assertThat(shown("odd"))
                .containsExactly(
                        "# HELP odd_total A \"quoted\" \\\\ help\\nin two lines.",
                        "# TYPE odd_total counter",
                        "odd_total{word=\"a\\\"b\\\\c\\nd} 7\"} 1");
    }

    @Test
    void showsACounterWithoutLabelsFromTheStart() {
        metrics.counter("drops", "Dropped events.");

        assertThat(shown("drops")).contains("drops_total 0");
    }

    @Test
    void namesAnInstrumentThatHasMeasuredNothing() {
        metrics.timer("wait_seconds", "Waiting.", "scope");

        assertThat(shown("wait_seconds"))
                .containsExactly("# HELP wait_seconds Waiting.", "# TYPE wait_seconds histogram");
    }

    @Test
    void countsUpAndDown() {
        var flight = metrics.upDown("calls_in_flight", "Calls in flight.");

        flight.add(3);
        flight.add(-1);

        assertThat(shown("calls_in_flight")).contains("# TYPE calls_in_flight gauge", "calls_in_flight 2");
    }

    @Test
    void asksAGaugeWhenItIsShown() {
        var backlog = new AtomicLong(7);
        metrics.gauge("backlog", "Undelivered events.", backlog::get);

        backlog.set(12);

        assertThat(shown("backlog")).contains("backlog 12");
    }

    @Test
    void tellsGaugesOfOneNameApart() {
        metrics.gauge("breaker_open", "Open breakers.", Map.of("target", "a"), () -> 1);
        metrics.gauge("breaker_open", "Open breakers.", Map.of("target", "b"), () -> 0.5);

        assertThat(shown("breaker_open"))
                .containsExactlyInAnyOrder(
                        "# HELP breaker_open Open breakers.",
                        "# TYPE breaker_open gauge",
                        "breaker_open{target=\"a\"} 1",
                        "breaker_open{target=\"b\"} 0.5");
    }

    @Test
    void sortsTimesIntoBuckets() {
        var latency = metrics.timer("latency_seconds", "Latency.", "shape");

        latency.record(Duration.ofMillis(5), "chat");
        latency.record(Duration.ofMillis(250), "chat");
        latency.record(Duration.ofSeconds(700), "chat");

        var lines = shown("latency_seconds");
        assertThat(lines)
                .contains(
                        "latency_seconds_bucket{shape=\"chat\",le=\"0.0025\"} 0",
                        "latency_seconds_bucket{shape=\"chat\",le=\"0.005\"} 1",
                        "latency_seconds_bucket{shape=\"chat\",le=\"0.25\"} 2",
                        "latency_seconds_bucket{shape=\"chat\",le=\"600\"} 2",
                        "latency_seconds_bucket{shape=\"chat\",le=\"+Inf\"} 3",
                        "latency_seconds_sum{shape=\"chat\"} 700.255",
                        "latency_seconds_count{shape=\"chat\"} 3");
    }

    @Test
    void showsTheProcess() {
        var page = metrics.prometheus();

        assertThat(page)
                .containsPattern("\nprocess_uptime_seconds [0-9.]+\n")
                .containsPattern("\njvm_heap_used_bytes [1-9][0-9]+\n")
                .containsPattern("\njvm_threads [1-9][0-9]*\n")
                .containsPattern("\naigateway_build_info\\{java=\"25[^\"]*\",version=\"[^\"]+\"} 1\n");
    }

    @Test
    void writesOnlyLinesOfTheFormat() {
        metrics.counter("calls", "Calls.", "model").add(1, "ü \u2028 \"");
        metrics.timer("wait_seconds", "Waiting.").record(Duration.ofNanos(1));

        var labels = "\\{([a-z_]+=\"([^\"\\\\\n]|\\\\[\\\\\"n])*\",?)+}";
        assertThat(metrics.prometheus().split("\n", -1))
                .allMatch(line -> line.isEmpty()
                        || line.matches("# (HELP|TYPE) [a-z_]+ .*")
                        || line.matches("[a-z_]+(" + labels + ")? [0-9.E+-]+"));
        assertThat(metrics.prometheus()).endsWith("\n").doesNotContain("\n\n");
    }

    @Test
    void losesNoConcurrentAdd() {
        var calls = metrics.counter("calls", "Calls.", "writer");
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                var label = "w" + i % 2;
                writers.execute(() -> {
                    for (int n = 0; n < 5000; n++) {
                        calls.add(1, label);
                    }
                });
            }
        }

        assertThat(shown("calls")).contains("calls_total{writer=\"w0\"} 20000", "calls_total{writer=\"w1\"} 20000");
    }

    @Test
    void boundsTheNumberOfLabelSets() {
        var calls = metrics.counter("calls", "Calls.", "model");

        for (int i = 0; i < 5000; i++) {
            calls.add(1, "model-" + i);
        }

        assertThat(shown("calls"))
                .hasSizeLessThan(2010)
                .anyMatch(line -> line.startsWith("calls_total{otel_metric_overflow=\"true\"} "));
    }

    @Test
    void answersTheSameInstrumentForTheSameName() {
        metrics.counter("calls", "Calls.").add(1);
        metrics.counter("calls", "Calls.").add(1);

        assertThat(shown("calls")).contains("calls_total 2");
    }

    @Test
    void refusesWhatCannotBeAMetric() {
        metrics.counter("calls", "Calls.", "model");

        assertThatThrownBy(() -> metrics.gauge("calls", "Calls.", () -> 1)).hasMessageContaining("exists already");
        assertThatThrownBy(() -> metrics.counter("calls_total", "Calls.")).hasMessageContaining("_total");
        assertThatThrownBy(() -> metrics.counter("Calls", "Calls.")).hasMessageContaining("Calls");
        assertThatThrownBy(() -> metrics.counter("more", "More.", "a-b")).hasMessageContaining("a-b");
        assertThatThrownBy(() -> metrics.timer("wait", "Waiting.")).hasMessageContaining("_seconds");
        var known = metrics.counter("calls", "Calls.", "model");
        assertThatThrownBy(() -> known.add(1)).hasMessageContaining("[model]");
    }

    private List<String> shown(String name) {
        return metrics.prometheus()
                .lines()
                .filter(line -> line.matches("(# (HELP|TYPE) )?" + name + "(_total|_bucket|_sum|_count)?[ {].*"))
                .toList();
    }
}
