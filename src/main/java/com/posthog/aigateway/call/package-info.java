/// What is a call, and what came of it? The nouns that every room speaks.
@NullMarked
package com.posthog.aigateway.call;

import org.jspecify.annotations.NullMarked;
