package com.posthog.aigateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathsTest {

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,CHAT_COMPLETIONS,",
        "/chat/completions,CHAT_COMPLETIONS,",
        "/v1/v1/chat/completions,CHAT_COMPLETIONS,",
        "/v1/chat/completions/,CHAT_COMPLETIONS,",
        "//v1//chat//completions//,CHAT_COMPLETIONS,",
        "/openai/v1/chat/completions,CHAT_COMPLETIONS,",
        "/openai/chat/completions,CHAT_COMPLETIONS,",
        "/openai/v1/v1/chat/completions,CHAT_COMPLETIONS,",
        "/llm_gateway/v1/chat/completions,CHAT_COMPLETIONS,llm_gateway",
        "/llm_gateway/chat/completions,CHAT_COMPLETIONS,llm_gateway",
        "/llm_gateway/openai/v1/chat/completions,CHAT_COMPLETIONS,llm_gateway",
        "/posthog-code/v1/v1/chat/completions/,CHAT_COMPLETIONS,posthog-code",
        "/v1/responses,RESPONSES,",
        "/responses,RESPONSES,",
        "/v1/responses/,RESPONSES,",
        "/openai/v1/responses,RESPONSES,",
        "/max/v1/responses,RESPONSES,max",
        "/v1/messages,MESSAGES,",
        "/messages,MESSAGES,",
        "/v1/v1/messages,MESSAGES,",
        "/anthropic/v1/messages,MESSAGES,",
        "/anthropic/messages,MESSAGES,",
        "/anthropic//v1/messages/,MESSAGES,",
        "/max/anthropic/v1/messages,MESSAGES,max",
        "/messages/v1/messages,MESSAGES,messages",
        "/9lives/v1/messages,MESSAGES,9lives",
        "/v1/messages/count_tokens,COUNT_TOKENS,",
        "/messages/count_tokens,COUNT_TOKENS,",
        "/anthropic/v1/messages/count_tokens/,COUNT_TOKENS,",
        "/max/v1/messages/count_tokens,COUNT_TOKENS,max"
    })
    void meansAnEndpoint(String path, Endpoint endpoint, String product) {
        assertThat(Paths.match(path)).contains(new Paths.Match(endpoint, product));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "*",
                "/v1",
                "/v1/chat",
                "/v1/completions",
                "/v2/max/chat/completions",
                "/v1/v1/v1/chat/completions",
                "/v1/chat/completions/x",
                "/V1/Chat/Completions",
                "/v1/chat%2Fcompletions",
                "/v1/chat/../chat/completions",
                "/Max/v1/messages",
                "/-max/v1/messages",
                "/max/more/v1/messages",
                "/v1/max/v1/messages",
                "/v1/messages/batches",
                "/v1/messages/count_tokens/x",
                "/v1/responses/compact",
                "/v1/embedding",
                "/%2e%2e/v1/messages",
                "/api/hello"
            })
    void meansNothing(String path) {
        assertThat(Paths.match(path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/nothing,false,OPENAI",
        "/v1/nothing,true,ANTHROPIC",
        "/anthropic/v1/nothing,false,ANTHROPIC",
        "/max/anthropic/nothing,false,ANTHROPIC",
        "/v1/messages/batches,false,ANTHROPIC",
        "/openai/v1/files,false,OPENAI"
    })
    void belongsToAFamily(String path, boolean version, Family family) {
        assertThat(Paths.familyOf(path, version)).isEqualTo(family);
    }
}
