@NullMarked
package com.posthog.aigateway.dispatch;

import org.jspecify.annotations.NullMarked;
