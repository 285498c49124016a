package com.posthog.aigateway.mock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MockHostedTest {

    private final MockProvider mock = MockProvider.start(0);

    @AfterEach
    void close() {
        mock.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /openai/v1/chat/completions | {"model":"gpt-5.4-mini","messages":[]} | "object":"chat.completion"
                    /openai/v1/responses | {"model":"gpt-5.4-mini","input":"a"} | "object":"response"
                    /anthropic/v1/messages | {"model":"anthropic.claude-opus-5-5","max_tokens":9,"messages":[]} | "type":"message"
                    /model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke | {"max_tokens":9,"messages":[]} | "model":"anthropic.claude-sonnet-4-5-20250929-v1:0"
                    """)
    void answersOnThePathsOfOtherHouses(String path, String body, String part) {
        var answer = Wire.post(mock.uri(), path, body, "api-key", "sk-a");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Wire.text(answer)).contains(part);
    }

    @Test
    void streamsInvokeModelInItsBinaryForm() {
        var answer = Wire.post(
                mock.uri(),
                "/model/global.anthropic.claude-opus-5-5/invoke-with-response-stream",
                "{\"max_tokens\":9,\"messages\":[]}",
                "Authorization",
                "Bearer a");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().allValues("content-type")).containsExactly("application/vnd.amazon.eventstream");
        assertThat(Wire.text(answer)).contains(":event-type", "{\"bytes\":\"").doesNotContain("data: ");
    }
}
