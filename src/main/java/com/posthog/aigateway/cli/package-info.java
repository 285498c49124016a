/// What can be asked of the jar? Its commands.
@NullMarked
package com.posthog.aigateway.cli;

import org.jspecify.annotations.NullMarked;
