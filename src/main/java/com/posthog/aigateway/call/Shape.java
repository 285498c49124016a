package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The form of a request and its answer. There is no translation from one to another.
public enum Shape {
    @JsonProperty("openai-chat")
    OPENAI_CHAT("openai-chat", Family.OPENAI),
    @JsonProperty("openai-responses")
    OPENAI_RESPONSES("openai-responses", Family.OPENAI),
    @JsonProperty("openai-embeddings")
    OPENAI_EMBEDDINGS("openai-embeddings", Family.OPENAI),
    @JsonProperty("anthropic-messages")
    ANTHROPIC_MESSAGES("anthropic-messages", Family.ANTHROPIC);

    private final String word;
    private final Family family;

    Shape(String word, Family family) {
        this.word = word;
        this.family = family;
    }

    public Family family() {
        return family;
    }

    /// As written in YAML, logs, metrics and documents.
    @Override
    public String toString() {
        return word;
    }
}
