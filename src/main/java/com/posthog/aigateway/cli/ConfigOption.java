package com.posthog.aigateway.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--config FILE`.
final class ConfigOption {

    private static final Path USUAL = Path.of("config", "gateway.yaml");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The gateway's settings. Default: config/gateway.yaml if it exists, else the built-in sample.")
    private @Nullable Path file;

    /// Null for the built-in sample.
    @Nullable
    Path file() {
        return file == null && Files.exists(USUAL) ? USUAL : file;
    }
}
