package com.posthog.aigateway.wire;

import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webclient.http1.Http1Client;
import java.net.URI;
import java.time.Duration;

/// Control traffic: small requests of our own, to events and flags. Never a caller's bytes.
public final class ControlClient {

    /// What came back.
    ///
    /// @param status of the answer; 0 when there was none
    /// @param retryAfter as the answer says it; empty without one
    /// @param body as text, for a fault to be understood
    public record Answer(int status, String retryAfter, String body) {
        static final Answer NONE = new Answer(0, "", "");
    }

    private final Http1Client client;

    public ControlClient(Duration connect, Duration read) {
        this.client = Http1Client.builder()
                .servicesDiscoverServices(false)
                .followRedirects(false)
                .connectTimeout(connect)
                .readTimeout(read)
                .tls(Tls.builder().build())
                .build();
    }

    /// Posts gzipped JSON.
    public Answer postGzip(URI uri, byte[] body, String userAgent) {
        try (var response = client.post()
                .uri(uri)
                .header(HeaderValues.CONTENT_TYPE_JSON)
                .header(HeaderNames.CONTENT_ENCODING, "gzip")
                .header(HeaderNames.USER_AGENT, userAgent)
                .submit(body)) {
            var retryAfter = response.headers().first(HeaderNames.RETRY_AFTER).orElse("");
            return new Answer(response.status().code(), retryAfter, response.as(String.class));
        } catch (RuntimeException unreachable) {
            // The client has no exception of its own for a peer that is not there.
            return Answer.NONE;
        }
    }
}
