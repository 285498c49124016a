package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Family;
import org.jspecify.annotations.Nullable;

/// What a provider calls the failure behind a status. Only OpenAI has a code.
record Wording(String type, @Nullable String code, String message) {

    static Wording of(Family family, int status) {
        return switch (family) {
            case OPENAI -> openAi(status);
            case ANTHROPIC -> anthropic(status);
        };
    }

    private static Wording openAi(int status) {
        return switch (status) {
            case 401 -> new Wording("invalid_request_error", "invalid_api_key", "Incorrect API key provided.");
            case 404 ->
                new Wording(
                        "invalid_request_error",
                        "model_not_found",
                        "The model does not exist or you do not have access to it.");
            case 429 ->
                new Wording(
                        "requests",
                        "rate_limit_exceeded",
                        "Rate limit reached for requests per min (RPM): Limit 10000, Used 10000, Requested 1.");
            case 503 ->
                new Wording(
                        "server_error",
                        null,
                        "That model is currently overloaded with other requests. You can retry your request.");
            default ->
                status < 500
                        ? new Wording("invalid_request_error", null, "The mock was told to refuse this request.")
                        : new Wording(
                                "server_error",
                                null,
                                "The server had an error while processing your request. Sorry about that!");
        };
    }

    private static Wording anthropic(int status) {
        return switch (status) {
            case 401 -> new Wording("authentication_error", null, "invalid x-api-key");
            case 402 -> new Wording("billing_error", null, "Your credit balance is too low.");
            case 403 -> new Wording("permission_error", null, "Your API key may not use this resource.");
            case 404 -> new Wording("not_found_error", null, "Not found");
            case 409 -> new Wording("conflict_error", null, "The resource was changed meanwhile.");
            case 413 -> new Wording("request_too_large", null, "Request exceeds the maximum size");
            case 429 ->
                new Wording(
                        "rate_limit_error", null, "This request would exceed the rate limit for your organization.");
            case 504 -> new Wording("timeout_error", null, "Request timed out");
            case 529 -> new Wording("overloaded_error", null, "Overloaded");
            default ->
                status < 500
                        ? new Wording("invalid_request_error", null, "The mock was told to refuse this request.")
                        : new Wording("api_error", null, "Internal server error");
        };
    }
}
