package com.posthog.aigateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.testing.FakeUpstream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;

/// One transport, and short words to ask with it.
final class Asking implements AutoCloseable {

    static final Patience PATIENT = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(10), null);

    final ApacheUpstream transport;

    Asking() {
        this(new ApacheUpstream(Duration.ofSeconds(2), trustingTheWorld(), Egress.DIRECT));
    }

    Asking(ApacheUpstream transport) {
        this.transport = transport;
    }

    static SSLContext trustingTheWorld() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    Reply ask(FakeUpstream provider) throws Unanswered {
        return ask(provider, PATIENT, new Hangup());
    }

    Reply ask(FakeUpstream provider, Patience patience, Hangup hangup) throws Unanswered {
        return transport.send(post(provider, "{}"), patience, hangup);
    }

    static UpstreamRequest post(FakeUpstream provider, String body) {
        return post(provider.uri(), body);
    }

    static UpstreamRequest post(URI provider, String body) {
        return new UpstreamRequest(
                "POST",
                provider,
                "/v1/messages",
                Headers.of("Content-Type", "application/json"),
                List.of(UpstreamRequest.Slice.of(body.getBytes(ISO_8859_1))));
    }

    /// Asks, reads the answer to its end, and lets go.
    String whole(FakeUpstream provider) throws Unanswered, Reply.Broken {
        try (var reply = ask(provider)) {
            return read(reply);
        }
    }

    String whole(URI provider) throws Unanswered, Reply.Broken {
        try (var reply = transport.send(post(provider, "{}"), PATIENT, new Hangup())) {
            return read(reply);
        }
    }

    static String read(Reply reply) throws Reply.Broken {
        var all = new ByteArrayOutputStream();
        var buffer = new byte[1000];
        int count;
        while ((count = reply.read(buffer, 0, () -> {})) >= 0) {
            all.write(buffer, 0, count);
        }
        return all.toString(ISO_8859_1);
    }

    @Override
    public void close() {
        transport.close();
    }
}
