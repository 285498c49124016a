/// Can another target serve a call as it was meant, and how is the call said there? What may be said where is data:
/// `fit/anthropic.yaml` and `fit/openai.yaml` among the resources.
@NullMarked
package com.posthog.aigateway.provider.fit;

import org.jspecify.annotations.NullMarked;
