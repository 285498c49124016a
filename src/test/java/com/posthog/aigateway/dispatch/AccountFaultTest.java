package com.posthog.aigateway.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Provider;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountFaultTest {

    private static final Provider PROVIDER = new Provider("house", Family.OPENAI, URI.create("http://127.0.0.1"), null);

    private static Optional<Refusal> fault(int status, String body) {
        var reply = new Told(status, body.getBytes(UTF_8));
        return AccountFault.in(reply, PeekedReply.of(reply).beginning(), PROVIDER);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void sawOurKeyRejected(int status) {
        assertThat(fault(status, "no JSON").map(Refusal::reason)).contains(Reason.PROVIDER_CREDENTIALS_REJECTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "402|anything",
                "429|{\"error\":{\"message\":\"m\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}",
                "429|{\"error\":{\"message\":\"m\",\"type\":\"tokens\",\"code\":\"insufficient_quota\"}}",
                "400|{\"error\":{\"message\":\"m\",\"code\":\"billing_hard_limit_reached\"}}",
                "400|{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"m\","
                        + "\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}",
                "400|{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                        + "\"message\":\"Your credit balance is too low to access the Anthropic API.\"}}"
            })
    void sawOurAccountUsedUp(int status, String body) {
        var refusal = fault(status, body).orElseThrow();

        assertThat(refusal.reason()).isEqualTo(Reason.PROVIDER_QUOTA);
        assertThat(refusal.retryAfter()).isPositive();
        assertThat(refusal.what()).contains("house").doesNotContain("credit");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429|{\"error\":{\"message\":\"m\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}",
                "429|{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\"}}",
                "400|{\"error\":{\"message\":\"insufficient_quota\",\"type\":\"invalid_request_error\"}}",
                "400|{\"error\":\"billing_error\"}",
                "400|{\"error\":",
                "400|''",
                "404|{\"error\":{\"code\":\"insufficient_quota\"}}",
                "500|{\"error\":{\"code\":\"insufficient_quota\"}}",
                "200|{\"error\":{\"code\":\"insufficient_quota\"}}"
            })
    void leavesTheCallersOwnErrorsAlone(int status, String body) {
        assertThat(fault(status, body)).isEmpty();
    }

    @Test
    void readsAPeekedAnswerAsIfNobodyHad() throws Exception {
        var body = "x".repeat(200_000).getBytes(UTF_8);
        var peeked = PeekedReply.of(new Told(400, body));
        var read = new byte[body.length + 1];
        int length = 0;
        int count;
        while ((count = peeked.read(read, length, () -> {})) >= 0) {
            length += count;
        }

        assertThat(length).isEqualTo(body.length);
        assertThat(read).startsWith(body);
    }

    /// An answer that is there at once.
    private static final class Told implements Reply {

        private final int status;
        private final byte[] body;
        private int at;

        Told(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public Headers headers() {
            return Headers.NONE;
        }

        @Override
        public long length() {
            return body.length;
        }

        @Override
        public int read(byte[] buffer, int offset, Runnable beforeWaiting) {
            if (at == body.length) {
                return -1;
            }
            int count = Math.min(buffer.length - offset, body.length - at);
            System.arraycopy(body, at, buffer, offset, count);
            at += count;
            return count;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
