package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the caller wants written on the event. Never who pays.
///
/// @param trace the trace id as PostHog shows it
/// @param properties strings, numbers, booleans or nested JSON; flags stand under `$feature/<flag>`
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Labels(
        @Nullable String distinctId,
        @Nullable String trace,
        @Nullable String session,
        @Nullable String product,
        Map<String, Object> properties) {

    public static final Labels NONE = new Labels(null, null, null, null, Map.of());

    public Labels {
        properties = properties == null ? Map.of() : Map.copyOf(properties);
    }
}
