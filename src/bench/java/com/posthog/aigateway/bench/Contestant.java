package com.posthog.aigateway.bench;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Something that answers.
///
/// @param child the process whose time counts
/// @param key that it wants
/// @param model that it knows; null: the usual one
record Contestant(
        String name,
        int port,
        Child child,
        String key,
        @Nullable String model) {

    static final String DIRECT = "direct";
    static final String NGINX = "nginx";
    static final String HAPROXY = "HAProxy";
    static final String BARE = "bare";
    static final String FULL = "full";
    static final String PORTKEY = "Portkey";
    static final String LITELLM = "LiteLLM";

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    boolean isOurs() {
        return name.equals(BARE) || name.equals(FULL);
    }
}
