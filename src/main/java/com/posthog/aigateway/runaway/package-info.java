/// Does this caller run away? How often it sends the same, how fast it spends, and what is open against it.
@NullMarked
package com.posthog.aigateway.runaway;

import org.jspecify.annotations.NullMarked;
