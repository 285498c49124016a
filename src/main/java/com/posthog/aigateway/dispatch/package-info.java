/// Who answers? One attempt after another, until a target does.
@NullMarked
package com.posthog.aigateway.dispatch;

import org.jspecify.annotations.NullMarked;
