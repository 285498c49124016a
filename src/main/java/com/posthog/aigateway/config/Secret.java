package com.posthog.aigateway.config;

/// A key or token. It prints as stars; only who needs it asks for its text.
public record Secret(String text) {

    public static Secret parse(String text) {
        return new Secret(text);
    }

    @Override
    public String toString() {
        return "***";
    }
}
