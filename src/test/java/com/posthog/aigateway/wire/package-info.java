/// Does control traffic say how it went?
@NullMarked
package com.posthog.aigateway.wire;

import org.jspecify.annotations.NullMarked;
