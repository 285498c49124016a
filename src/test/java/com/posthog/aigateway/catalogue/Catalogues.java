package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.call.Usage.Iteration;
import com.posthog.aigateway.call.Usage.Terms;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.Faults;
import com.posthog.aigateway.config.GatewaySettings.Ceiling;
import com.posthog.aigateway.config.YamlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Catalogues and usages for tests, written as they are in YAML and in answers.
final class Catalogues {

    static final Ceiling CEILING = new Ceiling(new BigDecimal("15"), new BigDecimal("180"));
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private Catalogues() {}

    static Catalogue sample() {
        var faults = new Faults();
        var catalogue = Catalogue.readSample(yaml(faults), faults, CEILING);
        faults.throwIfAny();
        return Objects.requireNonNull(catalogue);
    }

    static Catalogue of(String text) {
        try {
            var file = Files.createTempFile("providers", ".yaml");
            try {
                return of(file, text);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Catalogue of(Path file, String text) throws IOException {
        Files.writeString(file, text);
        var faults = new Faults();
        var catalogue = Catalogue.read(yaml(faults), file, faults, CEILING);
        faults.throwIfAny();
        return Objects.requireNonNull(catalogue);
    }

    private static YamlFile yaml(Faults faults) {
        return new YamlFile(new Environment(Map.of()), faults);
    }

    /// The price of the only model of a catalogue: `row` is what stands in its price row.
    static Price price(String row) {
        return of("""
                models:
                  - id: m
                    status: active
                    shapes: [anthropic-messages]
                    limits: { context: 1000000, output: 128000 }
                    prices: [ { from: 2026-01-01, %s } ]
                """.formatted(row)).price("m", null, null, NOW);
    }

    static Usage tokens(long input, long cacheRead, long cacheWrite5m, long cacheWrite1h, long output) {
        return new Usage(input, cacheRead, cacheWrite5m, cacheWrite1h, output, 0, 0, 0, 0, 0, 0, Terms.NONE, List.of());
    }

    static Usage audio(long input, long output, long audioInput, long audioOutput) {
        return new Usage(input, 0, 0, 0, output, 0, audioInput, audioOutput, 0, 0, 0, Terms.NONE, List.of());
    }

    static Usage with(Usage usage, Terms terms) {
        return with(usage, usage.webSearches(), terms, usage.iterations());
    }

    static Usage with(Usage usage, Iteration... iterations) {
        return with(usage, usage.webSearches(), usage.terms(), List.of(iterations));
    }

    static Usage with(Usage usage, long webSearches, Terms terms, List<Iteration> iterations) {
        return new Usage(
                usage.input(),
                usage.cacheRead(),
                usage.cacheWrite5m(),
                usage.cacheWrite1h(),
                usage.output(),
                usage.reasoning(),
                usage.audioInput(),
                usage.audioOutput(),
                usage.imageInput(),
                usage.imageOutput(),
                webSearches,
                terms,
                iterations);
    }
}
