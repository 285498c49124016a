package com.posthog.aigateway.dispatch;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.dispatch.Fault.Kind;
import java.util.Map;
import java.util.Set;

/// Reads from an error of a provider what it means: by its status, and where that tells too little, by its
/// body.
final class Diagnosis {

    /// OpenAI's `error.code`, Anthropic's `error.type`, and Azure's code for a model that is not there.
    private static final Set<String> MISSING = Set.of("model_not_found", "not_found_error", "DeploymentNotFound");

    /// What an error event inside HTTP 200 would have been as a status. Of OpenAI's codes and types, those
    /// that blame the request; what is not here is the provider's own.
    private static final Map<String, Integer> STATUS_OF_EVENT = Map.ofEntries(
            Map.entry("invalid_request_error", 400),
            Map.entry("invalid_prompt", 400),
            Map.entry("content_filter", 400),
            Map.entry("content_policy_violation", 400),
            Map.entry("context_length_exceeded", 400),
            Map.entry("string_above_max_length", 400),
            Map.entry("bio_policy", 400),
            Map.entry("authentication_error", 401),
            Map.entry("invalid_api_key", 401),
            Map.entry("billing_error", 402),
            Map.entry("permission_error", 403),
            Map.entry("not_found_error", 404),
            Map.entry("conflict_error", 409),
            Map.entry("request_too_large", 413),
            Map.entry("rate_limit_error", 429),
            Map.entry("rate_limit_exceeded", 429),
            Map.entry("insufficient_quota", 429));

    private static final int FAULTY = 500;
    private static final int UNPAID = 402;

    private Diagnosis() {}

    /// True where the body of the answer tells more than its status.
    static boolean needsBody(int status) {
        return status == 404 || AccountFault.mayHide(status);
    }

    /// @param body the beginning of it
    /// @param known true when the catalogue has the model, so that the provider should have it too
    static Fault of(int status, byte[] body, Provider provider, boolean known) {
        return of(status, AccountFault.error(body), provider, known);
    }

    /// Of an error event that came before content.
    static Fault ofEvent(byte[] event, Provider provider) {
        var error = AccountFault.errorOfEvent(event);
        var fault = of(statusOf(error), error, provider, false);
        return fault.kind() == Kind.PROVIDER ? Fault.of(Kind.STREAM) : fault;
    }

    private static int statusOf(JsonNode error) {
        if (AccountFault.isUnpaid(error)) {
            return UNPAID;
        }
        var byType = STATUS_OF_EVENT.getOrDefault(text(error, "type"), FAULTY);
        return STATUS_OF_EVENT.getOrDefault(text(error, "code"), byType);
    }

    private static Fault of(int status, JsonNode error, Provider provider, boolean known) {
        var ours = AccountFault.in(status, error, provider);
        if (ours.isPresent()) {
            return new Fault(status == 401 || status == 403 ? Kind.KEY : Kind.QUOTA, ours.get());
        } else if (status >= 500) {
            return Fault.of(Kind.PROVIDER);
        } else if (status == 429) {
            return Fault.of(Kind.RATE);
        }
        boolean missing = status == 404
                && known
                && (MISSING.contains(text(error, "code")) || MISSING.contains(text(error, "type")));
        return Fault.of(missing ? Kind.MODEL : Kind.REQUEST);
    }

    private static String text(JsonNode error, String name) {
        return error.path(name).asText("");
    }
}
