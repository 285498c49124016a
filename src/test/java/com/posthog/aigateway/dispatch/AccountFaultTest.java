package com.posthog.aigateway.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.catalogue.Provider;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountFaultTest {

    private static final Provider PROVIDER = new Provider("house", Family.OPENAI, URI.create("http://127.0.0.1"), null);

    private static Optional<Refusal> fault(int status, String body) {
        return AccountFault.in(status, AccountFault.error(body.getBytes(UTF_8)), PROVIDER);
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
}
