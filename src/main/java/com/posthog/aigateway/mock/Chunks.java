package com.posthog.aigateway.mock;

import org.jspecify.annotations.Nullable;

/// The chunks of one chat stream; all begin and end alike. The one with the usage is the only one that has some.
record Chunks(String head, String tail, boolean withUsage) {

    byte[] delta(String delta, @Nullable String finish) {
        return Answer.event(head + "{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":"
                + (finish == null ? "null" : "\"" + finish + "\"")
                + (withUsage ? "}],\"usage\":null" : "}]")
                + tail);
    }

    byte[] usage(String usage) {
        return Answer.event(head + "],\"usage\":" + usage + tail);
    }
}
