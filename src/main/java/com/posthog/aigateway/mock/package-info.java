/// What can stand in for the providers and for PostHog, on this machine alone and without a key?
@NullMarked
package com.posthog.aigateway.mock;

import org.jspecify.annotations.NullMarked;
