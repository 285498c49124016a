/// Who calls? From the credential alone.
@NullMarked
package com.posthog.aigateway.auth;

import org.jspecify.annotations.NullMarked;
