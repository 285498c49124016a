package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Bucket;

/// What one process has charged to an account in a bucket, since it started: it only grows.
record Total(Account account, Bucket bucket, long nanos) {}
