package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.catalogue.Auth;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Wire;
import com.posthog.aigateway.config.Secret;
import com.posthog.aigateway.testing.Frames;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/// Every way to speak with a provider keeps the [ProviderContract].
class ProvidersTest {

    private static final Auth KEY = new Auth.Key(new Secret("ours"));
    private static final String COLON = "global.anthropic.claude-haiku-4-5-20251001-v1:0";
    private static final String START = "{\"type\":\"message_start\",\"message\":{\"id\":\"ä\"}}";
    private static final String STOP = "{\"type\":\"message_stop\"}";
    private static final String CHAT = "data: {\"choices\":[{\"delta\":{\"content\":\"ä\"}}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String ANTHROPIC_ERROR = "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\","
            + "\"message\":\"slow down\"},\"request_id\":\"q\"}";
    private static final String OPENAI_ERROR =
            "{\"error\":{\"message\":\"slow down\",\"type\":\"requests\",\"param\":null,\"code\":\"429\"}}";
    private static final String AWS_ERROR = "{\"message\":\"slow down\"}";

    private static Auth aws(String service) {
        return new Auth.Aws(service, "eu-central-1", null);
    }

    private static final String SIGNED = "authorization: aws4-hmac-sha256 credential=akidours/";

    private static Provider provider(Endpoint endpoint, URI url, Wire wire, @Nullable String version, Auth auth) {
        return new Provider("p", ProviderContract.family(endpoint), url, wire, version, Map.of(), auth);
    }

    private static ProviderContract.Talk messages(String model, String path, String credential) {
        var told = List.of(event("message_start", START), event("message_stop", STOP));
        return new ProviderContract.Talk(
                Endpoint.MESSAGES,
                model,
                path,
                path,
                credential,
                "text/event-stream",
                ProviderContract.bytes(told.getFirst()),
                ProviderContract.bytes(told.getLast()),
                told,
                ANTHROPIC_ERROR,
                ANTHROPIC_ERROR);
    }

    private static ProviderContract.Talk chat(String path, String credential) {
        return new ProviderContract.Talk(
                Endpoint.CHAT_COMPLETIONS,
                "gpt:x",
                path,
                path,
                credential,
                "text/event-stream; charset=utf-8",
                ProviderContract.bytes(CHAT),
                ProviderContract.bytes(DONE),
                List.of(CHAT, DONE),
                OPENAI_ERROR,
                OPENAI_ERROR);
    }

    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    @Nested
    class Anthropic extends ProviderContract {
        @Override
        Provider at(URI url) {
            return provider(Endpoint.MESSAGES, url, Wire.NATIVE, null, KEY);
        }

        @Override
        Talk talk() {
            return messages("m", "/v1/messages", "x-api-key: ours\r\n");
        }
    }

    @Nested
    class OpenAi extends ProviderContract {
        @Override
        Provider at(URI url) {
            return provider(Endpoint.CHAT_COMPLETIONS, url, Wire.NATIVE, null, KEY);
        }

        @Override
        Talk talk() {
            return chat("/v1/chat/completions", "authorization: bearer ours\r\n");
        }
    }

    @Nested
    class Azure extends ProviderContract {
        @Override
        Provider at(URI url) {
            return provider(Endpoint.CHAT_COMPLETIONS, url, Wire.AZURE, null, KEY);
        }

        @Override
        Talk talk() {
            return chat("/openai/v1/chat/completions", "api-key: ours\r\n");
        }
    }

    @Nested
    class AzureDeployment extends ProviderContract {
        @Override
        Provider at(URI url) {
            return provider(Endpoint.CHAT_COMPLETIONS, url, Wire.AZURE_DEPLOYMENT, "2024-10-21", KEY);
        }

        @Override
        Talk talk() {
            return chat("/openai/deployments/gpt%3Ax/chat/completions?api-version=2024-10-21", "api-key: ours\r\n");
        }
    }

    @Nested
    class OpenAiOnBedrock extends ProviderContract {
        @Override
        Provider at(URI url) {
            return provider(Endpoint.CHAT_COMPLETIONS, url, Wire.BEDROCK_MANTLE, null, aws("bedrock-mantle"));
        }

        @Override
        Talk talk() {
            return chat("/openai/v1/chat/completions", SIGNED);
        }
    }

    @Nested
    class Mantle extends ProviderContract {
        @Override
        Provider at(URI url) {
            return provider(Endpoint.MESSAGES, url, Wire.BEDROCK_MANTLE, null, aws("bedrock-mantle"));
        }

        @Override
        Talk talk() {
            return messages("anthropic.claude-opus-5-5", "/anthropic/v1/messages", SIGNED);
        }
    }

    @Nested
    class BedrockMessages extends ProviderContract {
        @Override
        Provider at(URI url) {
            return provider(Endpoint.MESSAGES, url, Wire.BEDROCK_MESSAGES, null, new Auth.Bearer(new Secret("ours")));
        }

        @Override
        Talk talk() {
            return messages(COLON, "/anthropic/v1/messages", "authorization: bearer ours\r\n");
        }
    }

    @Nested
    class Invoke extends ProviderContract {
        @Override
        Provider at(URI url) {
            return provider(Endpoint.MESSAGES, url, Wire.BEDROCK_INVOKE, null, aws("bedrock"));
        }

        @Override
        Talk talk() {
            var path = "/model/global.anthropic.claude-haiku-4-5-20251001-v1%3A0/invoke";
            return new Talk(
                    Endpoint.MESSAGES,
                    COLON,
                    path,
                    path + "-with-response-stream",
                    SIGNED,
                    "application/vnd.amazon.eventstream",
                    Frames.of(Frames.chunk(START)),
                    Frames.of(Frames.chunk(STOP)),
                    List.of(event("message_start", START), event("message_stop", STOP)),
                    AWS_ERROR,
                    "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\"},"
                            + "\"request_id\":\"r-1\"}");
        }
    }
}
