package com.posthog.aigateway.call;

/// What a caller may ask of a provider: one row for each. The path is the provider's own, below its `/v1`; `{id}`
/// stands
/// for what the provider has stored.
public enum Endpoint {
    CHAT_COMPLETIONS("POST", "/chat/completions", Shape.OPENAI_CHAT, Worth.EVENT),
    STORED_CHAT("GET", "/chat/completions/{id}", Shape.OPENAI_CHAT, Worth.NOTHING),
    CHANGED_CHAT("POST", "/chat/completions/{id}", Shape.OPENAI_CHAT, Worth.NOTHING),
    DELETED_CHAT("DELETE", "/chat/completions/{id}", Shape.OPENAI_CHAT, Worth.NOTHING),
    CHAT_MESSAGES("GET", "/chat/completions/{id}/messages", Shape.OPENAI_CHAT, Worth.NOTHING),
    RESPONSES("POST", "/responses", Shape.OPENAI_RESPONSES, Worth.EVENT),
    COMPACT("POST", "/responses/compact", Shape.OPENAI_RESPONSES, Worth.MONEY),
    INPUT_TOKENS("POST", "/responses/input_tokens", Shape.OPENAI_RESPONSES, Worth.NOTHING),
    STORED_RESPONSE("GET", "/responses/{id}", Shape.OPENAI_RESPONSES, Worth.NOTHING),
    DELETED_RESPONSE("DELETE", "/responses/{id}", Shape.OPENAI_RESPONSES, Worth.NOTHING),
    CANCELLED_RESPONSE("POST", "/responses/{id}/cancel", Shape.OPENAI_RESPONSES, Worth.NOTHING),
    INPUT_ITEMS("GET", "/responses/{id}/input_items", Shape.OPENAI_RESPONSES, Worth.NOTHING),
    EMBEDDINGS("POST", "/embeddings", Shape.OPENAI_EMBEDDINGS, Worth.EVENT),
    MESSAGES("POST", "/messages", Shape.ANTHROPIC_MESSAGES, Worth.EVENT),
    COUNT_TOKENS("POST", "/messages/count_tokens", Shape.ANTHROPIC_MESSAGES, Worth.NOTHING);

    /// What an answer is worth.
    private enum Worth {
        /// It costs nothing.
        NOTHING,
        /// It costs money.
        MONEY,
        /// It costs money, and becomes an event.
        EVENT
    }

    private static final String ID = "{id}";

    private final String method;
    private final String path;
    private final Shape shape;
    private final Worth worth;

    Endpoint(String method, String path, Shape shape, Worth worth) {
        this.method = method;
        this.path = path;
        this.shape = shape;
        this.worth = worth;
    }

    public String method() {
        return method;
    }

    /// With `{id}` where one belongs.
    public String path() {
        return path;
    }

    public Shape shape() {
        return shape;
    }

    /// True when it is about something that the provider has stored, and that belongs to somebody.
    public boolean byId() {
        return path.contains(ID);
    }

    /// The path of one thing that is stored.
    public String path(String id) {
        return path.replace(ID, id);
    }

    /// True when an answer costs money.
    public boolean isBilled() {
        return worth != Worth.NOTHING;
    }

    /// True when a call becomes an `$ai_generation` or `$ai_embedding` event.
    public boolean isTold() {
        return worth == Worth.EVENT;
    }
}
