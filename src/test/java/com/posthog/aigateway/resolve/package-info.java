/// Is the right model meant?
@NullMarked
package com.posthog.aigateway.resolve;

import org.jspecify.annotations.NullMarked;
