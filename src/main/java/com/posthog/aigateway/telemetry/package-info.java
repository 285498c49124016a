/// What does the outside see of the process? Metrics, and one log line per call.
@NullMarked
package com.posthog.aigateway.telemetry;

import org.jspecify.annotations.NullMarked;
