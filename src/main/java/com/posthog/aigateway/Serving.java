package com.posthog.aigateway;

import com.posthog.aigateway.flow.Enquiry;
import com.posthog.aigateway.flow.Journey;

/// All that hangs on one reading of the callers and the catalogue. A call keeps the one it began with, so it never
/// sees a part of one and a part of another.
record Serving(Configuration configuration, Journey journey, Enquiry enquiry) {}
