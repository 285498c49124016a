package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.catalogue.Auth;
import com.posthog.aigateway.wire.UpstreamRequest;
import com.posthog.aigateway.wire.UpstreamRequest.Slice;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/// Signs requests as AWS wants it (Signature Version 4). Only what the transport does not write by itself is signed:
/// the host, the type of the body, the body, and the time.
final class AwsSigner {

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsIdentity identity;
    private final Clock clock;

    AwsSigner(AwsIdentity identity, Clock clock) {
        this.identity = identity;
        this.clock = clock;
    }

    UpstreamRequest sign(UpstreamRequest request, Auth.Aws account) throws NoCredential {
        var credentials = identity.now(account);
        var kept = new ArrayList<Headers.Field>();
        for (var field : request.headers().fields()) {
            // A caller has no say in what is signed, nor in AWS's own settings of a call.
            if (!field.name().toLowerCase(Locale.ROOT).startsWith("x-amz")) {
                kept.add(field);
            }
        }
        var signed = signer.sign(signing -> signing.identity(credentials)
                        .request(described(request))
                        .payload(() -> stream(request.body()))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, account.service())
                        .putProperty(AwsV4HttpSigner.REGION_NAME, account.region())
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                .request();
        signed.forEachHeader((name, values) -> {
            var low = name.toLowerCase(Locale.ROOT);
            if (low.equals("authorization") || low.startsWith("x-amz")) {
                values.forEach(value -> kept.add(new Headers.Field(name, value)));
            }
        });
        return request.with(new Headers(kept));
    }

    private static SdkHttpRequest described(UpstreamRequest request) {
        var base = request.base();
        var place = URI.create(base.getScheme() + "://" + base.getAuthority() + request.target());
        var builder = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method()))
                .uri(place);
        request.headers().first("content-type").ifPresent(type -> builder.putHeader("Content-Type", type));
        return builder.build();
    }

    private static InputStream stream(List<Slice> body) {
        var parts = body.stream()
                .map(slice -> new ByteArrayInputStream(slice.bytes(), slice.start(), slice.length()))
                .toList();
        return new SequenceInputStream(Collections.enumeration(parts));
    }
}
