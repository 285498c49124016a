@NullMarked
package com.posthog.aigateway.load;

import org.jspecify.annotations.NullMarked;
