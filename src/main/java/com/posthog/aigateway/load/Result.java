package com.posthog.aigateway.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/// What came of it.
///
/// @param unsent questions that were due, but found every connection busy until long after the end
/// @param errors by status, or by what broke
/// @param rate answers a second that were reached
/// @param latency from when the question was due to the answer's last byte
/// @param firstByte from when the question was due to the first byte of the answer's body
/// @param eventDelay from an event's sending to its arrival, where events say when they were sent
public record Result(
        long sent,
        long ok,
        long unsent,
        Map<String, Long> errors,
        double rate,
        Times latency,
        Times firstByte,
        Times eventDelay) {

    /// A distribution; all zero where nothing was counted.
    public record Times(long count, Duration p50, Duration p90, Duration p99, Duration max) {

        static Times of(Histogram histogram) {
            return new Times(
                    histogram.getTotalCount(),
                    at(histogram, 50),
                    at(histogram, 90),
                    at(histogram, 99),
                    Duration.ofNanos(histogram.getMaxValue()));
        }

        private static Duration at(Histogram histogram, double percentile) {
            return Duration.ofNanos(histogram.getValueAtPercentile(percentile));
        }
    }

    public Result {
        errors = Map.copyOf(errors);
    }

    static Result of(Tally tally, long start) {
        double seconds = Math.max(1, tally.lastEnd - start) / 1e9;
        return new Result(
                tally.sent,
                tally.ok,
                tally.unsent,
                tally.errors,
                tally.ok == 0 ? 0 : tally.ok / seconds,
                Times.of(tally.latency),
                Times.of(tally.firstByte),
                Times.of(tally.eventDelay));
    }

    /// As a table for people; times in milliseconds.
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(line("sent", Long.toString(sent)));
        lines.add(line("ok", Long.toString(ok)));
        errors.forEach((kind, count) -> lines.add(line("error " + kind, count.toString())));
        if (unsent > 0) {
            lines.add(line("never sent", unsent + ": more --connections are needed"));
        }
        lines.add(line("achieved", String.format(Locale.ROOT, "%.1f/s", rate)));
        lines.add(line("milliseconds", "      p50       p90       p99       max"));
        lines.add(line("latency", text(latency)));
        lines.add(line("first byte", text(firstByte)));
        if (eventDelay.count() > 0) {
            lines.add(line("event delay", text(eventDelay)));
        }
        return lines;
    }

    private static String line(String name, String value) {
        return String.format(Locale.ROOT, "%-14s %s", name, value);
    }

    private static String text(Times times) {
        return Stream.of(times.p50(), times.p90(), times.p99(), times.max())
                .map(time -> String.format(Locale.ROOT, "%9.3f", time.toNanos() / 1e6))
                .collect(Collectors.joining(" "));
    }
}
