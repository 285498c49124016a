package com.posthog.aigateway.call;

/// What a caller may ask for. The path is the provider's own, below its `/v1`.
public enum Endpoint {
    CHAT_COMPLETIONS(Shape.OPENAI_CHAT, "/chat/completions", true),
    RESPONSES(Shape.OPENAI_RESPONSES, "/responses", true),
    MESSAGES(Shape.ANTHROPIC_MESSAGES, "/messages", true),
    COUNT_TOKENS(Shape.ANTHROPIC_MESSAGES, "/messages/count_tokens", false);

    private final Shape shape;
    private final String path;
    private final boolean generates;

    Endpoint(Shape shape, String path, boolean generates) {
        this.shape = shape;
        this.path = path;
        this.generates = generates;
    }

    public Shape shape() {
        return shape;
    }

    public String path() {
        return path;
    }

    /// True when an answer costs money and becomes a `$ai_generation` event.
    public boolean generates() {
        return generates;
    }
}
