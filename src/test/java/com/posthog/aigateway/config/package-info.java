/// Are settings read as written, and every fault named?
@NullMarked
package com.posthog.aigateway.config;

import org.jspecify.annotations.NullMarked;
