package com.posthog.aigateway.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.Faults;
import com.posthog.aigateway.config.GatewaySettings.Ceiling;
import com.posthog.aigateway.config.YamlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Catalogues and calls for tests of this room.
final class Asking {

    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Ceiling CEILING = new Ceiling(new BigDecimal("15"), new BigDecimal("180"));

    private Asking() {}

    /// The jar's own catalogue, with keys for both providers.
    static Catalogue sample() {
        var faults = new Faults();
        var keys = new Environment(Map.of("OPENAI_API_KEY", "k", "ANTHROPIC_API_KEY", "k"));
        var catalogue = Catalogue.readSample(new YamlFile(keys, faults), faults, CEILING);
        faults.throwIfAny();
        return Objects.requireNonNull(catalogue);
    }

    static Catalogue catalogue(String text) {
        try {
            var file = Files.createTempFile("providers", ".yaml");
            try {
                Files.writeString(file, text);
                var faults = new Faults();
                var catalogue = Catalogue.read(new YamlFile(new Environment(Map.of()), faults), file, faults, CEILING);
                faults.throwIfAny();
                return Objects.requireNonNull(catalogue);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Call call(Endpoint endpoint, String body, String... headers) {
        return new Call(
                new UUID(1, 2), NOW, endpoint, null, null, "", Headers.of(headers), Body.of(body.getBytes(UTF_8)));
    }

    static Call chat(String model, String... headers) {
        return call(Endpoint.CHAT_COMPLETIONS, "{\"model\":\"" + model + "\"}", headers);
    }

    /// An endpoint of that shape; where there is none yet, one of its family.
    static Endpoint endpoint(Shape shape) {
        return Stream.concat(
                        Arrays.stream(Endpoint.values()).filter(endpoint -> endpoint.shape() == shape),
                        Arrays.stream(Endpoint.values())
                                .filter(endpoint -> endpoint.shape().family() == shape.family()))
                .findFirst()
                .orElseThrow();
    }

    static Caller caller(String... models) {
        return new Caller(
                "cred", "team", null, null, List.of(), Set.of(), false, Set.of(models), null, true, Caller.Bounds.NONE);
    }
}
