package com.posthog.aigateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.wire.UpstreamRequest.Slice;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What leaves is what was given: only `Host`, `Content-Length` and `Connection` are added.
class RequestOnTheWireTest {

    private static final FakeUpstream.Script OK = peer -> {
        peer.readRequest();
        peer.answer("ok");
    };

    @Test
    void sendsLineFieldsAndBodyAsGiven() throws Exception {
        var all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (var asking = new Asking();
                var provider = new FakeUpstream(OK)) {
            var headers = Headers.of("X-Odd-CASE", "1", "x-twice", "a", "accept", "*/*", "X-Twice", "b", "X-Empty", "");
            var body = List.of(Slice.of("<".getBytes(ISO_8859_1)), new Slice(all, 0, 0), new Slice(all, 1, 256));
            var request = new UpstreamRequest("POST", provider.uri(), "/v1/x?beta=true", headers, body);

            try (var reply = asking.transport.send(request, Asking.PATIENT, new Hangup())) {
                Asking.read(reply);
            }

            assertThat(provider.request())
                    .isEqualTo("POST /v1/x?beta=true HTTP/1.1\r\n"
                            + "X-Odd-CASE: 1\r\nx-twice: a\r\naccept: */*\r\nX-Twice: b\r\nX-Empty: \r\n"
                            + "Host: " + provider.uri().getAuthority()
                            + "\r\nContent-Length: 256\r\nConnection: keep-alive\r\n\r\n<"
                            + new String(all, 1, 255, ISO_8859_1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/messages",
                "/v1/messages?a=b&a=c&d",
                "/v1/a%2Fb%20c?x=%7C|",
                "//double//slash",
                "/v1/./a/../b",
                "/v1/x?"
            })
    void keepsTheTargetAsItIs(String target) throws Exception {
        try (var asking = new Asking();
                var provider = new FakeUpstream(OK)) {
            var request = new UpstreamRequest("POST", provider.uri(), target, Headers.NONE, List.of());

            asking.transport.send(request, Asking.PATIENT, new Hangup()).close();

            assertThat(provider.request()).startsWith("POST " + target + " HTTP/1.1\r\n");
        }
    }

    @Test
    void sendsALargeBodyWhole() throws Exception {
        var body = "x".repeat(3_000_001);
        try (var asking = new Asking();
                var provider = new FakeUpstream(OK)) {
            asking.transport
                    .send(Asking.post(provider, body), Asking.PATIENT, new Hangup())
                    .close();

            assertThat(provider.request()).endsWith("\r\n\r\n" + body);
        }
    }
}
