package com.posthog.aigateway.provider;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Family;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What AWS calls an error, and what it is called in the dialects of our callers.
///
/// @param status as Anthropic's own house would answer
/// @param type in Anthropic's words
record AwsError(int status, String type) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUFFIX = "exception";
    private static final int UNAVAILABLE = 503;

    private static final AwsError TOO_MANY = new AwsError(429, "rate_limit_error");
    private static final AwsError OVERLOADED = new AwsError(529, "overloaded_error");
    private static final AwsError INTERNAL = new AwsError(500, "api_error");
    private static final AwsError REJECTED = new AwsError(403, "permission_error");

    /// By AWS's name, without the word Exception, in small letters.
    private static final Map<String, AwsError> NAMED = Map.ofEntries(
            Map.entry("throttling", TOO_MANY),
            Map.entry("toomanyrequests", TOO_MANY),
            Map.entry("servicequotaexceeded", TOO_MANY),
            Map.entry("modelnotready", OVERLOADED),
            Map.entry("modeltimeout", OVERLOADED),
            Map.entry("serviceunavailable", OVERLOADED),
            Map.entry("internalserver", INTERNAL),
            Map.entry("internalfailure", INTERNAL),
            Map.entry("modelerror", INTERNAL),
            Map.entry("modelstreamerror", INTERNAL),
            Map.entry("validation", new AwsError(400, "invalid_request_error")),
            Map.entry("accessdenied", REJECTED),
            Map.entry("unrecognizedclient", REJECTED),
            Map.entry("missingauthenticationtoken", REJECTED),
            Map.entry("expiredtoken", REJECTED),
            Map.entry("incompletesignature", REJECTED),
            Map.entry("invalidsignature", REJECTED),
            Map.entry("resourcenotfound", new AwsError(404, "not_found_error")));

    /// @param name as it stands in a header field or a message, perhaps with a place behind a colon; null: none given
    /// @param status that AWS answered with; 0 where there is none
    static AwsError of(@Nullable String name, int status) {
        var known = name == null ? null : NAMED.get(plain(name));
        return known == null ? unnamed(status) : known;
    }

    /// Whether it is about our account: then AWS's words are not the caller's business.
    boolean isAboutOurAccount() {
        return status == 401 || status == 403;
    }

    /// The status that the caller sees: only Anthropic's have one of their own for a house that is overloaded.
    int status(Family family) {
        return switch (family) {
            case OPENAI -> status == OVERLOADED.status ? UNAVAILABLE : status;
            case ANTHROPIC -> status;
        };
    }

    private static String plain(String name) {
        var word = name.split(":", 2)[0].strip().toLowerCase(Locale.ROOT);
        return word.endsWith(SUFFIX) ? word.substring(0, word.length() - SUFFIX.length()) : word;
    }

    private static AwsError unnamed(int status) {
        return switch (status) {
            case 0 -> INTERNAL;
            case 401 -> new AwsError(status, "authentication_error");
            case 403 -> new AwsError(status, "permission_error");
            case 404 -> new AwsError(status, "not_found_error");
            case 413 -> new AwsError(status, "request_too_large");
            case 429 -> TOO_MANY;
            case 503 -> OVERLOADED;
            default -> new AwsError(status, status < 500 ? "invalid_request_error" : "api_error");
        };
    }

    /// The body of an answer, or the data of an event.
    ///
    /// @param request its name at AWS; null: not known
    byte[] body(Family family, String message, @Nullable String request) {
        var body = JSON.createObjectNode();
        switch (family) {
            case OPENAI ->
                body.putObject("error")
                        .put("message", message)
                        .put("type", status < 500 ? type : "server_error")
                        .putNull("param")
                        .put("code", status == 429 ? "rate_limit_exceeded" : null);
            case ANTHROPIC -> {
                body.put("type", "error");
                body.putObject("error").put("type", type).put("message", message);
                if (request != null) {
                    body.put("request_id", request);
                }
            }
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
