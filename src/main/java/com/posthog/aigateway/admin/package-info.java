/// What do operators see and do? Their own door, closed by default.
@NullMarked
package com.posthog.aigateway.admin;

import org.jspecify.annotations.NullMarked;
