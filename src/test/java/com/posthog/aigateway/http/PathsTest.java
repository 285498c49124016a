package com.posthog.aigateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.http.Paths.Meaning;
import java.util.Set;
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
        assertThat(Paths.meaning("POST", path, false)).isEqualTo(new Meaning.Asks(endpoint, product, null));
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/embeddings,EMBEDDINGS,,",
        "POST,/max/openai/v1/embeddings/,EMBEDDINGS,max,",
        "POST,/v1/responses/compact,COMPACT,,",
        "POST,/responses/compact,COMPACT,,",
        "POST,/v1/responses/input_tokens,INPUT_TOKENS,,",
        "GET,/v1/responses/resp_1,STORED_RESPONSE,,resp_1",
        "GET,/max/v1/v1//responses/resp_1/,STORED_RESPONSE,max,resp_1",
        "DELETE,/v1/responses/resp_1,DELETED_RESPONSE,,resp_1",
        "POST,/v1/responses/resp_1/cancel,CANCELLED_RESPONSE,,resp_1",
        "GET,/v1/responses/resp_1/input_items,INPUT_ITEMS,,resp_1",
        "GET,/v1/responses/compact,STORED_RESPONSE,,compact",
        "GET,/v1/chat/completions/chatcmpl-1,STORED_CHAT,,chatcmpl-1",
        "POST,/chat/completions/chatcmpl-1,CHANGED_CHAT,,chatcmpl-1",
        "DELETE,/openai/v1/chat/completions/chatcmpl-1,DELETED_CHAT,,chatcmpl-1",
        "GET,/v1/chat/completions/chatcmpl-1/messages,CHAT_MESSAGES,,chatcmpl-1"
    })
    void meansSomethingStored(String method, String path, Endpoint endpoint, String product, String id) {
        assertThat(Paths.meaning(method, path, false)).isEqualTo(new Meaning.Asks(endpoint, product, id));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/models,",
        "/models,",
        "/max/v1/models/,",
        "/anthropic/v1/models,",
        "/v1/models/gpt-5.4,gpt-5.4",
        "/v1/v1/models/claude-opus-4-5@20251101,claude-opus-4-5@20251101"
    })
    void asksForModels(String path, String model) {
        assertThat(Paths.meaning("GET", path, false)).isEqualTo(new Meaning.Models(model));
        assertThat(Paths.meaning("POST", path, false)).isEqualTo(new Meaning.OtherMethod(Set.of("GET")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//",
                "/v1",
                "/v1/",
                "/openai",
                "/anthropic/v1",
                "/api/hello",
                "/v1/api/hello",
                "/max/api/hello"
            })
    void looksWhetherWeAreThere(String path) {
        assertThat(Paths.meaning("HEAD", path, false)).isEqualTo(new Meaning.Probe());
        assertThat(Paths.meaning("GET", path, false)).isEqualTo(new Meaning.Probe());
        assertThat(Paths.meaning("POST", path, false)).isEqualTo(new Meaning.Nothing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/responses", "/responses", "/max/openai/v1/responses/"})
    void wouldRatherSpeakOverAWebsocket(String path) {
        assertThat(Paths.meaning("GET", path, true)).isEqualTo(new Meaning.Websocket());
        assertThat(Paths.meaning("GET", path, false)).isEqualTo(new Meaning.Everybodys());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/messages,POST",
        "DELETE,/v1/responses,POST",
        "PUT,/v1/responses/resp_1,DELETE GET",
        "POST,/v1/chat/completions/x/messages,GET"
    })
    void namesTheMethodsThatAPathTakes(String method, String path, String known) {
        assertThat(Paths.meaning(method, path, false))
                .isInstanceOfSatisfying(
                        Meaning.OtherMethod.class,
                        other -> assertThat(String.join(" ", other.known())).isEqualTo(known));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "/v1/chat",
                "/v1/completions",
                "/v2/max/chat/completions",
                "/v1/v1/v1/chat/completions",
                "/V1/Chat/Completions",
                "/v1/chat%2Fcompletions",
                "/v1/chat/../chat/completions",
                "/Max/v1/messages",
                "/-max/v1/messages",
                "/max/more/v1/messages",
                "/v1/max/v1/messages",
                "/v1/messages/batches",
                "/v1/messages/count_tokens/x",
                "/v1/embedding",
                "/%2e%2e/v1/messages",
                "/v1/responses/%2e%2e",
                "/v1/responses/../cancel",
                "/v1/responses/a%2fb/cancel",
                "/v1/responses/resp_1/cancel/x",
                "/max"
            })
    void meansNothing(String path) {
        assertThat(Paths.meaning("POST", path, false)).isEqualTo(new Meaning.Nothing());
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/nothing,false,OPENAI",
        "/v1/nothing,true,ANTHROPIC",
        "/anthropic/v1/nothing,false,ANTHROPIC",
        "/max/anthropic/nothing,false,ANTHROPIC",
        "/v1/messages/batches,false,ANTHROPIC",
        "/openai/v1/files,false,OPENAI",
        "/v1/chat/completions/x/messages,false,OPENAI"
    })
    void belongsToAFamily(String path, boolean version, Family family) {
        assertThat(Paths.familyOf(path, version)).isEqualTo(family);
    }
}
