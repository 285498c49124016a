@NullMarked
package com.posthog.aigateway.report;

import org.jspecify.annotations.NullMarked;
