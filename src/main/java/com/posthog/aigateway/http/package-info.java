/// Who is at the door? Paths, reading a request, writing an answer, native errors, readiness and drain.
@NullMarked
package com.posthog.aigateway.http;

import org.jspecify.annotations.NullMarked;
