/// Who else serves this gateway, and what do the replicas share? Entries, questions to each other, operators'
/// facts.
@NullMarked
package com.posthog.aigateway.cluster;

import org.jspecify.annotations.NullMarked;
