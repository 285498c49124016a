@NullMarked
package com.posthog.aigateway.runaway;

import org.jspecify.annotations.NullMarked;
