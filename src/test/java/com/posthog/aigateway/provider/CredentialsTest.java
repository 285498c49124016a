package com.posthog.aigateway.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Auth;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Wire;
import com.posthog.aigateway.config.Secret;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import com.posthog.aigateway.wire.Upstream;
import com.posthog.aigateway.wire.UpstreamRequest;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {

    private static final URI PLACE = URI.create("https://a.test");

    /// Nobody is there.
    private record Nobody() implements Upstream {
        @Override
        public Reply send(UpstreamRequest request, Patience patience, Hangup hangup) throws Unanswered {
            throw new Unanswered(Unanswered.How.NOT_CONNECTED, false, new IllegalStateException("nobody"));
        }

        @Override
        public void close() {}
    }

    private static Headers shown(Provider provider, Headers headers) throws Unanswered {
        var request = new UpstreamRequest("POST", PLACE, "/", headers, List.of());
        return new Credentials(new Nobody(), Clock.systemUTC())
                .on(request, provider)
                .headers();
    }

    private static Provider provider(Family family, Wire wire, Auth auth) {
        return new Provider("p", family, PLACE, wire, null, Map.of("X-Workspace", "ours"), auth);
    }

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, NATIVE, x-api-key, k",
        "OPENAI, NATIVE, Authorization, Bearer k",
        "OPENAI, AZURE, api-key, k",
        "OPENAI, AZURE_DEPLOYMENT, api-key, k",
        "ANTHROPIC, BEDROCK_MANTLE, Authorization, Bearer k",
        "ANTHROPIC, BEDROCK_INVOKE, Authorization, Bearer k"
    })
    void showsAKeyAsTheWireWantsIt(Family family, Wire wire, String name, String value) throws Unanswered {
        var shown = shown(provider(family, wire, new Auth.Key(new Secret("k"))), Headers.NONE);

        assertThat(shown).isEqualTo(Headers.of("X-Workspace", "ours", name, value));
    }

    @Test
    void sendsWhatIsConfiguredInThePlaceOfTheCallers() throws Unanswered {
        var bearer = provider(Family.ANTHROPIC, Wire.NATIVE, new Auth.Bearer(new Secret("b")));

        assertThat(shown(bearer, Headers.of("x-workspace", "theirs", "a", "b")))
                .isEqualTo(Headers.of("a", "b", "X-Workspace", "ours", "Authorization", "Bearer b"));
    }

    @Test
    void isNotSentWithoutACredential() {
        var auth = new Auth.Entra("t", "c", new Secret("s"), "scope", URI.create("https://login.test"));

        var unanswered = catchThrowableOfType(
                Unanswered.class, () -> shown(provider(Family.OPENAI, Wire.AZURE, auth), Headers.NONE));

        assertThat(unanswered.how()).isEqualTo(Unanswered.How.NOT_CONNECTED);
        assertThat(unanswered.wasSent()).isFalse();
    }
}
