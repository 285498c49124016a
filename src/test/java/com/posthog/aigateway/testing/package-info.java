/// What do tests of several rooms share?
@NullMarked
package com.posthog.aigateway.testing;

import org.jspecify.annotations.NullMarked;
