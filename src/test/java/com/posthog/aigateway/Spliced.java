package com.posthog.aigateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.mock.Received;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a provider may get in the place of what a caller sent: the same bytes, but for two splices.
final class Spliced {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WISH = "\"stream_options\":{\"include_usage\":true},";

    private Spliced() {}

    /// The sent body with the model's name that the provider got, and with the wish for usage where a streamed chat
    /// says nothing of it.
    static String like(Received received, String sent) throws IOException {
        var request = JSON.readTree(sent);
        if (request.isMissingNode()) {
            return sent;
        }
        var named = JSON.readTree(received.body()).path("model").asText();
        var expected = Pattern.compile("(\"model\":\\s*\")"
                        + Pattern.quote(request.path("model").asText()) + "\"")
                .matcher(sent)
                .replaceFirst(found -> Matcher.quoteReplacement(found.group(1) + named + "\""));
        boolean wishes = received.path().endsWith("/chat/completions")
                && request.path("stream").asBoolean()
                && !request.has("stream_options");
        return wishes ? "{" + WISH + expected.substring(1) : expected;
    }
}
