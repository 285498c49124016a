package com.posthog.aigateway;

import java.util.Map;

/// What happens to a recorded answer on its way to the caller.
enum FixtureRule {

    /// The bytes pass, and the receipt has the usage that others read off them.
    PASSES,

    /// The bytes pass, and nothing is charged: the answer counts tokens, or is told once more.
    COSTS_NOTHING,

    /// The provider rejected our own account, or what it may spend is spent. Its words do not pass; the caller is told
    /// in ours.
    OUR_ACCOUNTS_FAULT,

    /// The stream stops without its last event: a native error event of ours follows the provider's bytes.
    ENDS_TOO_EARLY,

    /// The provider itself ends its stream with an error: nothing follows, and the receipt names the kind of error.
    FAILS_IN_THE_STREAM,

    /// The bytes pass; the usage differs in one count from what others read, for the reason in [#READ_OTHERWISE].
    IS_READ_OTHERWISE;

    /// The recordings to which another rule than [#PASSES] applies.
    static final Map<String, FixtureRule> EXCEPTIONS = Map.ofEntries(
            Map.entry("anthropic-messages/count-tokens", COSTS_NOTHING),
            Map.entry("anthropic-messages/count-tokens-2", COSTS_NOTHING),
            Map.entry("anthropic-messages/doc-error-400-spend-limit", OUR_ACCOUNTS_FAULT),
            Map.entry("anthropic-messages/doc-error-401-authentication", OUR_ACCOUNTS_FAULT),
            Map.entry("anthropic-messages/syn-stream-midstream-overloaded", FAILS_IN_THE_STREAM),
            Map.entry("anthropic-messages/syn-stream-truncated", ENDS_TOO_EARLY),
            Map.entry("anthropic-messages/vx-stream-code-execution-prompt-cache", IS_READ_OTHERWISE),
            Map.entry("openai-chat/doc-error-401-invalid-key", OUR_ACCOUNTS_FAULT),
            Map.entry("openai-chat/doc-error-429-insufficient-quota", OUR_ACCOUNTS_FAULT),
            Map.entry("openai-chat/syn-stream-midstream-error", FAILS_IN_THE_STREAM),
            Map.entry("openai-chat/syn-stream-truncated-no-done", ENDS_TOO_EARLY),
            Map.entry("openai-responses/input-tokens-count", COSTS_NOTHING),
            Map.entry("openai-responses/input-tokens-count-2", COSTS_NOTHING),
            Map.entry("openai-responses/retrieve-get-completed", COSTS_NOTHING),
            Map.entry("openai-responses/retrieve-get-in-progress", COSTS_NOTHING),
            Map.entry("openai-responses/retrieve-get-queued", COSTS_NOTHING),
            Map.entry("openai-responses/retrieve-get-stream", COSTS_NOTHING),
            Map.entry("openai-responses/vx-json-error-429-insufficient-quota", OUR_ACCOUNTS_FAULT),
            Map.entry("openai-responses/vx-stream-error-response-failed", FAILS_IN_THE_STREAM));

    /// The count that we read otherwise, and as what: 3337 tokens were written to the cache, the split of
    /// `message_start` tells of 3068 only; the rest is counted as the cheaper kind, too.
    static final Map<String, Long> READ_OTHERWISE = Map.of("cache_write_5m", 3337L);

    static FixtureRule of(String recording) {
        return EXCEPTIONS.getOrDefault(recording, PASSES);
    }
}
