package com.posthog.aigateway.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.catalogue.Auth;
import com.posthog.aigateway.testing.FakeClock;
import com.posthog.aigateway.wire.UpstreamRequest;
import com.posthog.aigateway.wire.UpstreamRequest.Slice;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

class AwsSignerTest {

    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final AwsCredentialsIdentity EXAMPLE = AwsCredentialsIdentity.create("AKIAIOSFODNN7EXAMPLE", SECRET);
    private static final FakeClock CLOCK = new FakeClock(Instant.parse("2013-05-24T00:00:00Z"));
    private static final String TIME = "20130524T000000Z";
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static UpstreamRequest signed(AwsCredentialsIdentity who, Auth.Aws account, UpstreamRequest request)
            throws NoCredential {
        return new AwsSigner(_ -> who, CLOCK).sign(request, account);
    }

    private static UpstreamRequest request(
            String method, String place, String target, Headers headers, String... body) {
        var slices = List.of(body).stream()
                .map(part -> Slice.of(part.getBytes(UTF_8)))
                .toList();
        return new UpstreamRequest(method, URI.create(place), target, headers, slices);
    }

    /// The example of AWS's test suite: this tells that the check itself is right.
    @Test
    void isCheckedByASignatureThatAwsPublished() {
        var canonical =
                "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n" + EMPTY;

        var signature = new SignatureV4("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "service")
                .of("20150830T123600Z", canonical);

        assertThat(signature).isEqualTo("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    /// The documented examples of requests that sign what we sign: host, time, and the body's digest.
    @ParameterizedTest
    @CsvSource({
        "/?lifecycle, fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        "/?max-keys=2&prefix=J, 34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    })
    void signsAsAwsPublished(String target, String signature) throws NoCredential {
        var request = request("GET", "https://examplebucket.s3.amazonaws.com", target, Headers.NONE);

        var signed = signed(EXAMPLE, new Auth.Aws("s3", "us-east-1", null), request);

        assertThat(signed.headers().first("Authorization").orElseThrow())
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + " SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" + signature);
        assertThat(signed.headers().first("x-amz-date")).contains(TIME);
    }

    /// In the canonical form each byte of the path is encoded once more.
    @ParameterizedTest
    @CsvSource({
        "global.anthropic.claude-sonnet-4-5-20250929-v1:0, global.anthropic.claude-sonnet-4-5-20250929-v1%253A0",
        "arn:aws:bedrock:us-east-1:1:inference-profile/x.y, arn%253Aaws%253Abedrock%253Aus-east-1%253A1%253Ainference-profile%252Fx.y",
        "anthropic.claude-opus-5-5, anthropic.claude-opus-5-5"
    })
    void signsAModelWithAColon(String model, String canonicalModel) throws NoCredential {
        var body = "{\"messages\":[\"ä\"]}";
        var request = request(
                "POST",
                "http://127.0.0.1:4711",
                "/model/" + Address.encoded(model) + "/invoke",
                Headers.of("Content-Type", "application/json", "User-Agent", "x"),
                "{\"messages\":",
                "[\"ä\"]}");

        var signed = signed(EXAMPLE, new Auth.Aws("bedrock", "eu-central-1", null), request);

        var digest = SignatureV4.hash(body.getBytes(UTF_8));
        var canonical = "POST\n/model/" + canonicalModel + "/invoke\n\ncontent-type:application/json\n"
                + "host:127.0.0.1:4711\nx-amz-content-sha256:" + digest + "\nx-amz-date:" + TIME
                + "\n\ncontent-type;host;x-amz-content-sha256;x-amz-date\n" + digest;
        assertThat(signed.headers().first("Authorization").orElseThrow())
                .endsWith("Signature="
                        + new SignatureV4(SECRET, "20130524", "eu-central-1", "bedrock").of(TIME, canonical));
        assertThat(signed.target()).isEqualTo(request.target());
        assertThat(signed.headers().all("User-Agent")).containsExactly("x");
    }

    @Test
    void bringsTheTokenOfASession() throws NoCredential {
        var who = AwsSessionCredentialsIdentity.create("AKID", SECRET, "the-token");

        var signed = signed(
                who, new Auth.Aws("bedrock", "us-east-1", null), request("POST", "https://a.test", "/", Headers.NONE));

        assertThat(signed.headers().all("x-amz-security-token")).containsExactly("the-token");
        assertThat(signed.headers().first("Authorization").orElseThrow()).contains("x-amz-security-token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Amz-Security-Token", "x-amz-date", "X-Amzn-Bedrock-GuardrailIdentifier"})
    void leavesACallerNoSay(String name) throws NoCredential {
        var signed = signed(
                EXAMPLE,
                new Auth.Aws("bedrock", "us-east-1", null),
                request("POST", "https://a.test", "/", Headers.of(name, "theirs")));

        assertThat(signed.headers().all(name)).doesNotContain("theirs");
    }
}
