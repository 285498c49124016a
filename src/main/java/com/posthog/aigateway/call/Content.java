package com.posthog.aigateway.call;

/// What was said, as bytes, for the event. Empty where it is not to be kept.
public record Content(byte[] request, byte[] answer) {

    public static final Content NONE = new Content(new byte[0], new byte[0]);

    public boolean isEmpty() {
        return request.length == 0 && answer.length == 0;
    }
}
