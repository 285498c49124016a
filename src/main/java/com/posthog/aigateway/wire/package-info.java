/// How do bytes leave this house? The upstream transport for provider traffic, and the client for control traffic.
@NullMarked
package com.posthog.aigateway.wire;

import org.jspecify.annotations.NullMarked;
