/// How was this gateway told to run? Settings as records, read once, every fault named with file and line.
@NullMarked
package com.posthog.aigateway.config;

import org.jspecify.annotations.NullMarked;
