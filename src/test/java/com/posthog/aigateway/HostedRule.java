package com.posthog.aigateway;

import java.util.Map;

/// What happens to a recorded answer of a house that serves other people's models.
enum HostedRule {

    /// The caller gets it in his own dialect, and the receipt has the usage that others read off it.
    PASSES,

    /// It counts tokens: the count stands where Anthropic's own house puts it, and nothing is charged.
    COUNTS,

    /// Our own account was rejected. The house's words do not pass; the caller is told in ours.
    OUR_ACCOUNTS_FAULT,

    /// The house says in the middle that it cannot go on: the caller gets the error event of his dialect, and nothing
    /// follows.
    FAILS_IN_THE_STREAM,

    /// The binary stream breaks: what was whole has passed, and a native error event of ours follows.
    BREAKS;

    /// The recordings to which another rule than [#PASSES] applies.
    static final Map<String, HostedRule> EXCEPTIONS = Map.ofEntries(
            Map.entry("azure-openai/error-401", OUR_ACCOUNTS_FAULT),
            Map.entry("bedrock-anthropic/doc-error-403-access-denied", OUR_ACCOUNTS_FAULT),
            Map.entry("bedrock-anthropic/count-tokens", COUNTS),
            Map.entry("bedrock-anthropic/count-tokens-2", COUNTS),
            Map.entry("bedrock-anthropic/count-tokens-3", COUNTS),
            Map.entry("bedrock-anthropic/syn-stream-bad-crc", BREAKS),
            Map.entry("bedrock-anthropic/syn-stream-truncated-frame", BREAKS),
            Map.entry("bedrock-anthropic/syn-stream-error-frame", FAILS_IN_THE_STREAM),
            Map.entry("bedrock-anthropic/syn-stream-exception-first", FAILS_IN_THE_STREAM),
            Map.entry("bedrock-anthropic/syn-stream-exception-model-stream-error", FAILS_IN_THE_STREAM),
            Map.entry("bedrock-anthropic/syn-stream-exception-throttling", FAILS_IN_THE_STREAM));

    static HostedRule of(String recording) {
        return EXCEPTIONS.getOrDefault(recording, PASSES);
    }
}
