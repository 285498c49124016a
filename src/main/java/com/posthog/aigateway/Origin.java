package com.posthog.aigateway;

import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.Sources;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a configuration was read from, so that it can be read again.
///
/// @param file of the settings; null: the samples of the jar
/// @param callers null: no file was there, and the sample of the jar holds
/// @param catalogue as `callers`
/// @param settings the file of the settings, and the secrets that it names
/// @param changeable the other two, and what they name
/// @param at when it was read
record Origin(
        @Nullable Path file,
        @Nullable Path callers,
        @Nullable Path catalogue,
        Environment environment,
        Clock clock,
        Sources settings,
        Sources changeable,
        Instant at) {}
