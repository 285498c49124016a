package com.posthog.aigateway.call;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Why we say no: one row of the error table, in the words of both families.
public enum Reason {
    MALFORMED(400, "invalid_request_error", null, "invalid_request_error"),
    CREDENTIAL_MISSING(401, "invalid_request_error", "invalid_api_key", "authentication_error"),
    CREDENTIAL_UNKNOWN(401, "invalid_request_error", "invalid_api_key", "authentication_error"),
    CREDENTIAL_EXPIRED(401, "invalid_request_error", "token_expired", "authentication_error"),
    BUDGET(402, "insufficient_quota", "budget_exceeded", "billing_error"),
    CALL_TOO_DEAR(402, "insufficient_quota", "call_too_dear", "billing_error"),
    /// A budget needs a bound of what a call can cost, and this call has none. Not 400: some tools answer that by
    /// asking
    /// again with less and less in the request.
    COST_UNBOUNDED(402, "insufficient_quota", "cost_unbounded", "billing_error"),
    /// Not 429: the SDKs and tools that meet it must not ask again on their own.
    RUNAWAY(402, "insufficient_quota", "runaway_stopped", "billing_error"),
    RATE(429, "rate_limit_error", "rate_limit_exceeded", "rate_limit_error"),
    SWITCHED_OFF(403, "permission_error", "switched_off", "permission_error"),
    NOT_ALLOWED(403, "permission_error", "model_not_allowed", "permission_error"),
    NOT_FOUND(404, "invalid_request_error", "not_found", "not_found_error"),
    /// What a provider has stored, in its own words.
    STORED_NOT_FOUND(404, "invalid_request_error", null, "not_found_error"),
    PREVIOUS_NOT_FOUND(404, "invalid_request_error", "previous_response_not_found", "not_found_error"),
    METHOD_NOT_ALLOWED(405, "invalid_request_error", "method_not_allowed", "invalid_request_error"),
    TOO_SLOW(408, "invalid_request_error", "request_timeout", "invalid_request_error"),
    TOO_LARGE(413, "invalid_request_error", "request_too_large", "request_too_large"),
    TARGET_TOO_LONG(414, "invalid_request_error", "target_too_long", "invalid_request_error"),
    HEAD_TOO_LARGE(431, "invalid_request_error", "headers_too_large", "invalid_request_error"),
    VERSION_NOT_SERVED(505, "invalid_request_error", "version_not_served", "invalid_request_error"),
    UPGRADE_REQUIRED(426, "invalid_request_error", "websocket_not_supported", "invalid_request_error"),
    PROVIDER_NOT_CONFIGURED(502, "provider_error", "provider_not_configured", "api_error"),
    PROVIDER_UNREACHABLE(502, "provider_error", "provider_unreachable", "api_error"),
    PROVIDER_CREDENTIALS_REJECTED(502, "provider_error", "provider_credentials_rejected", "api_error"),
    PROVIDER_QUOTA(503, "provider_error", "provider_quota", "api_error"),
    UPSTREAM_TIMEOUT(504, "timeout_error", "upstream_timeout", "timeout_error"),
    UNAVAILABLE(503, "service_unavailable", "service_unavailable", "overloaded_error"),
    OUR_FAULT(500, "server_error", "internal_error", "api_error");

    private final int status;
    private final String openaiType;
    private final @Nullable String openaiCode;
    private final String anthropicType;

    Reason(int status, String openaiType, @Nullable String openaiCode, String anthropicType) {
        this.status = status;
        this.openaiType = openaiType;
        this.openaiCode = openaiCode;
        this.anthropicType = anthropicType;
    }

    /// As in metrics.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public int status() {
        return status;
    }

    public String openaiType() {
        return openaiType;
    }

    public @Nullable String openaiCode() {
        return openaiCode;
    }

    public String anthropicType() {
        return anthropicType;
    }
}
