package com.posthog.aigateway.testing;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/// Recorded traffic and other data that is kept outside this repository: in `AIGATEWAY_SHARED`, else in `../shared`.
public final class Shared {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Shared() {}

    public static Optional<Path> folder(String name) {
        var root =
                Path.of(Optional.ofNullable(System.getenv("AIGATEWAY_SHARED")).orElse("../shared"));
        return Optional.of(root.resolve(name).toAbsolutePath().normalize()).filter(Files::isDirectory);
    }

    /// A file's JSON, numbers exact; where it is missing the test is skipped, visibly.
    public static JsonNode json(String name) throws IOException {
        var file = Path.of(name);
        return JSON.readTree(require(String.valueOf(file.getParent()))
                .resolve(file.getFileName())
                .toFile());
    }

    /// The folder; where it is missing the test is skipped, visibly.
    public static Path require(String name) {
        var folder = folder(name);
        Assumptions.assumeTrue(
                folder.isPresent(), "shared data is missing: " + name + " in AIGATEWAY_SHARED or ../shared");
        return folder.orElseThrow();
    }
}
