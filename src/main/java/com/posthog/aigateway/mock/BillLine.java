package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Money;

/// One line of the bill.
///
/// @param mark what the request names as its user
/// @param last false before the answer, true when it is over
/// @param charged for all that was used
/// @param shown the part that the request and a stream let the caller know of
record BillLine(
        long number, String mark, String model, boolean last, int status, boolean stream, Money charged, Money shown) {}
