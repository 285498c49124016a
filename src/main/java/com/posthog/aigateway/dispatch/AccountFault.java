package com.posthog.aigateway.dispatch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.catalogue.Provider;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Tells an error that is about our account at the provider from one that is about the caller's request: the account is
/// not the caller's business, and the provider's words about it never pass.
final class AccountFault {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration UNTIL_PAID = Duration.ofSeconds(60);

    /// OpenAI's `error.code` and `error.type`, Anthropic's `error.type` and `error.details.error_code`.
    private static final Set<String> UNPAID = Set.of(
            "insufficient_quota",
            "billing_hard_limit_reached",
            "billing_not_active",
            "billing_error",
            "enforced_spend_limit_reached",
            "contract_spend_limit_reached");

    /// Anthropic says these with no code but that of a bad request.
    private static final Set<String> UNPAID_WORDS = Set.of(
            "your credit balance is too low",
            "you have reached your specified api usage limits",
            "you will regain access on");

    private AccountFault() {}

    /// True where only the body of the answer tells.
    static boolean mayHide(int status) {
        return status == 400 || status == 402 || status == 429;
    }

    /// The refusal for the caller; empty where the error is the caller's own.
    ///
    /// @param error the object of that name in the answer's body
    static Optional<Refusal> in(int status, JsonNode error, Provider provider) {
        if (status == 401 || status == 403) {
            return Optional.of(
                    new Refusal(
                            Reason.PROVIDER_CREDENTIALS_REJECTED,
                            "provider '" + provider.id()
                                    + "' rejected this gateway's own key; its operators must mend that, a retry will not help"));
        }
        if (status == 402 || (mayHide(status) && isUnpaid(error))) {
            return Optional.of(new Refusal(
                            Reason.PROVIDER_QUOTA,
                            "this gateway's account at provider '" + provider.id()
                                    + "' has used up what it may spend; its operators must mend that")
                    .retryAfter(UNTIL_PAID));
        }
        return Optional.empty();
    }

    static boolean isUnpaid(JsonNode error) {
        var words = error.path("message").asText("").toLowerCase(Locale.ROOT);
        return UNPAID.contains(error.path("code").asText(""))
                || UNPAID.contains(error.path("type").asText(""))
                || UNPAID.contains(error.path("details").path("error_code").asText(""))
                || UNPAID_WORDS.stream().anyMatch(words::contains);
    }

    /// The error object of an answer's body; an empty one where there is none.
    static JsonNode error(byte[] body) {
        return read(body).path("error");
    }

    /// That of an event: the event itself, its `error`, or the `error` of its `response`.
    static JsonNode errorOfEvent(byte[] event) {
        var data = read(event);
        var inside = data.path("response").path("error");
        if (inside.isObject()) {
            return inside;
        }
        return data.path("error").isObject() ? data.path("error") : data;
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException noJson) {
            return JSON.createObjectNode();
        }
    }
}
