package com.posthog.aigateway.admit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.config.CallerSettings;
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
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Calls, routes, catalogues and settings, as they are written in bodies and in YAML.
final class Requests {

    static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    static final Ceiling CEILING = new Ceiling(new BigDecimal("15"), new BigDecimal("180"));

    private Requests() {}

    static Call call(Endpoint endpoint, String body, String... headers) {
        var read = body.isEmpty() ? Body.opaque(new byte[0]) : Body.of(body.getBytes(UTF_8));
        return new Call(new UUID(1, 2), NOON, endpoint, null, null, "", Headers.of(headers), read);
    }

    static Route route(Catalogue catalogue, String model) {
        var known = catalogue.find(model).orElseThrow();
        return new Route(known, model, known.targets());
    }

    static Catalogue catalogue(String text) {
        var faults = new Faults();
        var catalogue = read(text, file -> Catalogue.read(yaml(faults), file, faults, CEILING));
        faults.throwIfAny();
        return Objects.requireNonNull(catalogue);
    }

    static Catalogue sample() {
        var faults = new Faults();
        var catalogue = Catalogue.readSample(yaml(faults), faults, CEILING);
        faults.throwIfAny();
        return Objects.requireNonNull(catalogue);
    }

    static CallerSettings callers(String text) {
        var faults = new Faults();
        var settings = read(text, file -> yaml(faults).read(file, CallerSettings.class));
        faults.throwIfAny();
        Objects.requireNonNull(settings).check(faults);
        faults.throwIfAny();
        return settings;
    }

    private static YamlFile yaml(Faults faults) {
        return new YamlFile(new Environment(Map.of()), faults);
    }

    private static <T> @Nullable T read(String text, Function<Path, @Nullable T> reader) {
        try {
            var file = Files.createTempFile("settings", ".yaml");
            try {
                Files.writeString(file, text);
                return reader.apply(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
