@NullMarked
package com.posthog.aigateway.cluster;

import org.jspecify.annotations.NullMarked;
