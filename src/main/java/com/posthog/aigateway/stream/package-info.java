/// What passes? Bytes of answers on their way, what is read off them, and how an answer ends.
@NullMarked
package com.posthog.aigateway.stream;

import org.jspecify.annotations.NullMarked;
