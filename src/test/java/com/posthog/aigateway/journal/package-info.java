@NullMarked
package com.posthog.aigateway.journal;

import org.jspecify.annotations.NullMarked;
