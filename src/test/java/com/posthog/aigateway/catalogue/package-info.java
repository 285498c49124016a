@NullMarked
package com.posthog.aigateway.catalogue;

import org.jspecify.annotations.NullMarked;
