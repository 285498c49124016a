/// Which model is meant, and which targets may answer?
@NullMarked
package com.posthog.aigateway.resolve;

import org.jspecify.annotations.NullMarked;
