/// How fast and how large is the gateway, beside others in the same run?
@NullMarked
package com.posthog.aigateway.bench;

import org.jspecify.annotations.NullMarked;
