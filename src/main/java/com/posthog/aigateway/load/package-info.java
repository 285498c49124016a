/// How does a gateway bear load? Asks at a fixed rate, whatever the answers do, and counts from when each was due.
@NullMarked
package com.posthog.aigateway.load;

import org.jspecify.annotations.NullMarked;
