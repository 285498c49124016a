/// Where does it all come together? Load, wire, open, drain.
@NullMarked
package com.posthog.aigateway;

import org.jspecify.annotations.NullMarked;
