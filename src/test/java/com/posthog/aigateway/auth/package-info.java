/// Is each caller known for who it is?
@NullMarked
package com.posthog.aigateway.auth;

import org.jspecify.annotations.NullMarked;
