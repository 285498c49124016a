/// How do we talk to a family of providers? Their paths, headers, credentials, and the few edits of a body.
@NullMarked
package com.posthog.aigateway.provider;

import org.jspecify.annotations.NullMarked;
