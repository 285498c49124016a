package com.posthog.aigateway.bench;

import com.posthog.aigateway.call.Headers;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Something that answers.
///
/// @param child the process whose time counts
/// @param key that it wants
/// @param model that it knows; null: the usual one
/// @param told where the upstream is, if each request has to say it; 0: it knows
record Contestant(
        String name,
        int port,
        Child child,
        String key,
        @Nullable String model,
        int told) {

    static final String DIRECT = "direct";
    static final String NGINX = "nginx";
    static final String HAPROXY = "HAProxy";
    static final String BARE = "bare";
    static final String FULL = "full";
    static final String PORTKEY = "Portkey";
    static final String LITELLM = "LiteLLM";

    Contestant(String name, int port, Child child, @Nullable String model) {
        this(name, port, child, Town.KEY, model, 0);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// What a request has to say beside its question. A peer passes no header on that it does not know; so the path at
    /// the upstream says what is wanted.
    Headers steering(boolean stream) {
        if (told == 0) {
            return Headers.NONE;
        }
        var place = "http://127.0.0.1:" + told + (stream ? "/burst/v1" : "/v1");
        return Headers.of("x-portkey-provider", "openai", "x-portkey-custom-host", place);
    }

    boolean isOurs() {
        return name.equals(BARE) || name.equals(FULL);
    }
}
