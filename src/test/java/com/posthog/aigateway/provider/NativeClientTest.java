package com.posthog.aigateway.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.config.Secret;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import com.posthog.aigateway.wire.Upstream;
import com.posthog.aigateway.wire.UpstreamRequest;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeClientTest {

    private static final Headers ADDED = Headers.of("Accept-Encoding", "identity");

    /// Keeps what is sent.
    private static final class Sent implements Upstream {
        final List<UpstreamRequest> requests = new ArrayList<>();

        @Override
        public Reply send(UpstreamRequest request, Patience patience, Hangup hangup) {
            requests.add(request);
            return new NoReply();
        }

        @Override
        public void close() {}
    }

    private record NoReply() implements Reply {
        @Override
        public int status() {
            return 200;
        }

        @Override
        public Headers headers() {
            return Headers.NONE;
        }

        @Override
        public long length() {
            return 0;
        }

        @Override
        public int read(byte[] buffer, int offset, Runnable beforeWaiting) {
            return -1;
        }

        @Override
        public void close() {}
    }

    private static Provider provider(Family family, String url) {
        return new Provider("p", family, URI.create(url), new Secret("our-key"));
    }

    private static UpstreamRequest sent(Provider provider, Endpoint endpoint, String query, Headers headers)
            throws Unanswered {
        try (var sent = new Sent()) {
            var patience = new Patience(Duration.ofSeconds(1), Duration.ofSeconds(1), null);
            var call = Asked.at(endpoint, query, headers, "{\"model\":\"a\"}");
            var target = new Target(provider, "M", BigDecimal.ONE);
            new NativeClient(sent, new Credentials(sent, Clock.systemUTC()))
                    .ask(call, new Route(null, "a", List.of(target)), target, patience, new Hangup())
                    .close();
            return sent.requests.getFirst();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.test, CHAT_COMPLETIONS, '', /v1/chat/completions",
        "https://a.test/, MESSAGES, beta=true, /v1/messages?beta=true",
        "https://a.test/base, RESPONSES, '', /base/v1/responses",
        "https://a.test/base/%C3%A4/, COUNT_TOKENS, a=%2F&a, /base/%C3%A4/v1/messages/count_tokens?a=%2F&a"
    })
    void asksAtTheProvidersPath(String url, Endpoint endpoint, String query, String target) throws Unanswered {
        var request = sent(provider(Family.OPENAI, url), endpoint, query, Headers.NONE);

        assertThat(request.target()).isEqualTo(target);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.base()).isEqualTo(URI.create(url));
    }

    @Test
    void sendsTheBodyWithItsSplices() throws Unanswered {
        var request = sent(provider(Family.OPENAI, "https://a.test"), Endpoint.RESPONSES, "", Headers.NONE);

        var body = new StringBuilder();
        request.body().forEach(slice -> body.append(new String(slice.bytes(), slice.start(), slice.length(), UTF_8)));
        assertThat(body).hasToString("{\"model\":\"M\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type",
                "accept",
                "User-Agent",
                "anthropic-version",
                "anthropic-beta",
                "OpenAI-Beta",
                "Idempotency-Key",
                "x-stainless-retry-count",
                "X-Client-Request-Id"
            })
    void passesAHeaderField(String name) {
        var caller = Headers.of(name, "a", name.toUpperCase(Locale.ROOT), "b");

        var fields = new ArrayList<>(caller.fields());
        fields.addAll(ADDED.fields());
        assertThat(RequestHeaders.passing(caller, null)).isEqualTo(new Headers(fields));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "X-API-Key",
                "api-key",
                "Cookie",
                "Proxy-Authorization",
                "Host",
                "Content-Length",
                "Content-Encoding",
                "Transfer-Encoding",
                "accept-encoding",
                "Connection",
                "Keep-Alive",
                "TE",
                "Trailer",
                "Upgrade",
                "Expect",
                "Forwarded",
                "X-Forwarded-For",
                "x-forwarded-host",
                "X-PostHog-Distinct-Id",
                "traceparent",
                "tracestate",
                "baggage"
            })
    void keepsBackAHeaderField(String name) {
        assertThat(RequestHeaders.passing(Headers.of(name, "a"), null)).isEqualTo(ADDED);
    }

    @Test
    void keepsBackWhatTheConnectionNames() {
        var caller = Headers.of("Connection", "x-hop , close", "X-Hop", "1");

        assertThat(RequestHeaders.passing(caller, null)).isEqualTo(ADDED);
    }

    @Test
    void bringsOurKeyAsAnthropicWantsIt() throws Unanswered {
        var request = sent(
                provider(Family.ANTHROPIC, "https://a.test"),
                Endpoint.MESSAGES,
                "",
                Headers.of("Authorization", "Bearer theirs"));

        assertThat(request.headers()).isEqualTo(Headers.of("Accept-Encoding", "identity", "x-api-key", "our-key"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | none | b-1",
                "a-1 | none | a-1,b-1",
                "a-1, a-2 | none | a-1, a-2,b-1",
                "a-1, b-1 ,a-2 | none | a-1, b-1 ,a-2",
                "a-1 | b-1 | a-1;b-1",
                "b-1 | a-1 | b-1;a-1",
                "a-1 | a-2 | a-1;a-2,b-1",
                "'' | none | b-1",
                "b-10 | none | b-10,b-1",
            })
    void addsABetaToTheCallersOwn(@Nullable String first, @Nullable String second, String sent) {
        var fields = new ArrayList<Headers.Field>();
        Stream.of(first, second)
                .filter(Objects::nonNull)
                .forEach(value -> fields.add(new Headers.Field("Anthropic-Beta", value)));

        var passed = RequestHeaders.passing(new Headers(fields), "b-1");

        assertThat(String.join(";", passed.all("anthropic-beta"))).isEqualTo(sent);
    }
}
