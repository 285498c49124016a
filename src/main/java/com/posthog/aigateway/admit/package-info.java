/// May the call go on, and may it cost that much? Limits, budgets and holds, taken together or not at all.
@NullMarked
package com.posthog.aigateway.admit;

import org.jspecify.annotations.NullMarked;
