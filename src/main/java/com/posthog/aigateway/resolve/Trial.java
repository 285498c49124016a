package com.posthog.aigateway.resolve;

import org.jspecify.annotations.Nullable;

/// One step of reading a name.
///
/// @param tried the name that was looked for
/// @param meaning null where the catalogue knows no such name
record Trial(Step step, String tried, @Nullable Meaning meaning) {}
