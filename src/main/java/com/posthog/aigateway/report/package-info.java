/// What do the receipts of many calls tell an operator? Reports.
@NullMarked
package com.posthog.aigateway.report;

import org.jspecify.annotations.NullMarked;
