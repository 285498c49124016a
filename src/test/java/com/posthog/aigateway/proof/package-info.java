/// Does the money add up, seen from outside: the provider's bill, the journals, the answers and nothing else?
@NullMarked
package com.posthog.aigateway.proof;

import org.jspecify.annotations.NullMarked;
