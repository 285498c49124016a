@NullMarked
package com.posthog.aigateway.telemetry;

import org.jspecify.annotations.NullMarked;
