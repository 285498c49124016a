/// What is the way of one call, from its arrival to its receipt?
@NullMarked
package com.posthog.aigateway.flow;

import org.jspecify.annotations.NullMarked;
