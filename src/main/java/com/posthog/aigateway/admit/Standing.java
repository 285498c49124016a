package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;

/// How an account stands against one budget or limit.
///
/// @param what the window's or the limit's YAML word
/// @param used spent in the window; or taken of the limit
/// @param held by calls that are open
/// @param absent the part of it whose process is gone
record Standing(Account account, String what, boolean money, long limit, long used, long held, long absent) {}
