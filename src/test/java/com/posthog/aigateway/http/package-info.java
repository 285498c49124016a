/// Does the door answer as HTTP asks?
@NullMarked
package com.posthog.aigateway.http;

import org.jspecify.annotations.NullMarked;
