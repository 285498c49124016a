package com.posthog.aigateway.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.catalogue.Auth;
import com.posthog.aigateway.config.Secret;
import com.posthog.aigateway.testing.FakeClock;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.wire.ApacheUpstream;
import com.posthog.aigateway.wire.Egress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/// Where tokens are given out stands on loopback here.
class TokensTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final FakeClock clock = new FakeClock(NOON);
    private final ApacheUpstream transport = transport();
    private final TokenDesk desk = new TokenDesk(transport);

    private static ApacheUpstream transport() {
        try {
            return new ApacheUpstream(Duration.ofSeconds(2), SSLContext.getDefault(), Egress.DIRECT);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        transport.close();
    }

    private static FakeUpstream.Script answering(int status, String body) {
        return peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 " + status + " x\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n"
                    + body);
        };
    }

    private static String entra(String token) {
        return "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"" + token + "\"}";
    }

    private static Auth.Entra account(FakeUpstream place) {
        return new Auth.Entra("tenant/1", "client", new Secret("s&cret"), "https://a.test/.default", place.uri());
    }

    @Test
    void fetchesATokenOfEntraAnewBeforeItExpires() throws Exception {
        try (var place = new FakeUpstream(answering(200, entra("one")), answering(200, entra("two")))) {
            var tokens = new EntraTokens(desk, clock);

            assertThat(tokens.token(account(place))).isEqualTo("one");
            clock.pass(Duration.ofMinutes(50));
            assertThat(tokens.token(account(place))).isEqualTo("one");
            clock.pass(Duration.ofMinutes(6));
            assertThat(tokens.token(account(place))).isEqualTo("two");

            assertThat(place.request())
                    .startsWith("POST /tenant%2F1/oauth2/v2.0/token HTTP/1.1\r\n")
                    .endsWith("\r\n\r\ngrant_type=client_credentials&client_id=client&client_secret=s%26cret"
                            + "&scope=https%3A%2F%2Fa.test%2F.default");
        }
    }

    @Test
    void saysWhyEntraGaveNoTokenWithoutItsText() throws Exception {
        var refusal = "{\"error\":\"invalid_client\",\"error_description\":\"secret s&cret of client is wrong\"}";
        try (var place = new FakeUpstream(answering(401, refusal))) {
            var tokens = new EntraTokens(desk, clock);

            assertThatThrownBy(() -> tokens.token(account(place)))
                    .isInstanceOf(NoCredential.class)
                    .hasMessage("127.0.0.1 gave no token: it answered 401 (invalid_client)");
        }
    }

    @Test
    void saysThatAPlaceCannotBeReached() throws Exception {
        var place = new FakeUpstream(answering(200, ""));
        place.close();

        assertThatThrownBy(() -> new EntraTokens(desk, clock).token(account(place)))
                .isInstanceOf(NoCredential.class)
                .hasMessageContaining("gave no token: not_connected");
    }

    private static String sts(String key, Instant end) {
        return "{\"AssumeRoleWithWebIdentityResponse\":{\"AssumeRoleWithWebIdentityResult\":{\"Credentials\":{"
                + "\"AccessKeyId\":\"" + key + "\",\"SecretAccessKey\":\"secret\",\"SessionToken\":\"session\","
                + "\"Expiration\":" + end.getEpochSecond() + ".0}}}}";
    }

    @Test
    void takesUpARoleAnewBeforeItsCredentialsExpire(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("token"), "first-token\n");
        var hour = Duration.ofHours(1);
        try (var place = new FakeUpstream(
                answering(200, sts("AKID1", NOON.plus(hour))),
                answering(200, sts("AKID2", NOON.plus(hour).plus(hour))))) {
            var places = new AwsPlaces(TokensTest::nobody, desk, _ -> place.uri(), clock);
            var account = new Auth.Aws("bedrock", "eu-central-1", new Auth.Role("arn:aws:iam::1:role/x", file));

            assertThat(places.now(account).accessKeyId()).isEqualTo("AKID1");
            Files.writeString(file, "second-token");
            clock.pass(hour);
            var renewed = places.now(account);

            assertThat(renewed.accessKeyId()).isEqualTo("AKID2");
            assertThat(renewed)
                    .isInstanceOfSatisfying(
                            AwsSessionCredentialsIdentity.class,
                            session -> assertThat(session.sessionToken()).isEqualTo("session"));
            assertThat(place.request())
                    .contains("Action=AssumeRoleWithWebIdentity")
                    .contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx")
                    .endsWith("WebIdentityToken=first-token");
            assertThat(place.request()).endsWith("WebIdentityToken=second-token");
        }
    }

    @Test
    void asksTheUsualPlacesAnewForWhatHasExpired() throws Exception {
        var count = new AtomicInteger();
        var usual = usual(count);
        var places = new AwsPlaces(
                () -> usual,
                desk,
                region -> {
                    throw new AssertionError("no role, no token for " + region);
                },
                clock);
        var account = new Auth.Aws("bedrock", "eu-central-1", null);

        assertThat(places.now(account).accessKeyId()).isEqualTo("AKID1");
        assertThat(places.now(account).accessKeyId()).isEqualTo("AKID1");
        clock.pass(Duration.ofMinutes(31));

        assertThat(places.now(account).accessKeyId()).isEqualTo("AKID2");
    }

    @Test
    void saysThatNoCredentialsWereFound() {
        var places = new AwsPlaces(TokensTest::nobody, desk, _ -> NOWHERE, clock);

        assertThatThrownBy(() -> places.now(new Auth.Aws("bedrock", "eu-central-1", null)))
                .isInstanceOf(NoCredential.class)
                .hasMessageStartingWith("no AWS credentials were found")
                .hasMessageNotContaining("/home/secret");
    }

    private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

    /// Credentials that hold for half an hour each time.
    private IdentityProvider<AwsCredentialsIdentity> usual(AtomicInteger count) {
        return new Usual(() -> AwsSessionCredentials.builder()
                .accessKeyId("AKID" + count.incrementAndGet())
                .secretAccessKey("secret")
                .sessionToken("session")
                .expirationTime(clock.instant().plus(Duration.ofMinutes(30)))
                .build());
    }

    private static IdentityProvider<AwsCredentialsIdentity> nobody() {
        return new Usual(() -> {
            throw new IllegalStateException("the profile /home/secret is not there");
        });
    }

    private record Usual(Supplier<AwsCredentialsIdentity> who) implements IdentityProvider<AwsCredentialsIdentity> {

        @Override
        public Class<AwsCredentialsIdentity> identityType() {
            return AwsCredentialsIdentity.class;
        }

        @Override
        public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
            try {
                return CompletableFuture.completedFuture(who.get());
            } catch (IllegalStateException none) {
                return CompletableFuture.failedFuture(none);
            }
        }
    }
}
