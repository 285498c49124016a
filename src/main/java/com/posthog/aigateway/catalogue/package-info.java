/// What do we sell, through whom, and for how much? Models, aliases, targets and prices, as `providers.yaml` says.
@NullMarked
package com.posthog.aigateway.catalogue;

import org.jspecify.annotations.NullMarked;
