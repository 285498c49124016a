/// What will PostHog be told of a call? The caller's labels, and the event that is made of a receipt.
@NullMarked
package com.posthog.aigateway.record;

import org.jspecify.annotations.NullMarked;
