/// What must survive this process? Intents, receipts, content and what is still to be delivered, on the disk.
@NullMarked
package com.posthog.aigateway.journal;

import org.jspecify.annotations.NullMarked;
