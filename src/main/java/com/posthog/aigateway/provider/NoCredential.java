package com.posthog.aigateway.provider;

/// What would show a provider who we are is not to be had now. Its message names no secret.
final class NoCredential extends Exception {

    NoCredential(String message) {
        super(message, null, false, false);
    }
}
