package com.posthog.aigateway.catalogue;

import java.util.Optional;
import java.util.regex.Pattern;

/// A model's name with the day of a snapshot behind it, as in `gpt-5-2025-08-07` or `claude-opus-4-5-20251101`.
///
/// @param base the name without the day
public record Snapshot(String base, String day) {

    private static final Pattern DATED = Pattern.compile(
            "(.+)[-@](20\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])|20\\d\\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01]))");

    /// Empty for a name that does not end in a day.
    public static Optional<Snapshot> of(String name) {
        var dated = DATED.matcher(name);
        return dated.matches() ? Optional.of(new Snapshot(dated.group(1), dated.group(2))) : Optional.empty();
    }
}
