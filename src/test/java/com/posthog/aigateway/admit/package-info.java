@NullMarked
package com.posthog.aigateway.admit;

import org.jspecify.annotations.NullMarked;
